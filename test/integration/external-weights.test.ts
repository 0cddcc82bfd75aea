import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { loadModel } from '../../functions/core/model/load.ts';
import { createSession } from '../../functions/core/model/onnx.ts';
import { changeManifest, withPackage } from '../helpers/package.ts';

/**
 * An ONNX model that multiplies by a matrix, which it reads from the first 64 bytes of another file. The question marks
 * in it stand for the path of that file.
 */
const model = Buffer.from(
  'CAoSADpvChEKAVgKAVcSAVkiBk1hdE11bBIBZyoxCAQIBBABQgFXaiQKCGxvY2F0aW9uEhg/Pz8/Pz8/Pz8/Pz8/Pz8/Pz8/Pz8/Pz9wAVoRCgFYEgwKCggBEgYKAAoCCARiEQoBWRIMCgoIARIGCgAKAggEQgQKABAV',
  'base64',
).toString('latin1');
const place = '?'.repeat(24);

function withWeightsAt(path: string): Buffer {
  expect(path).to.have.lengthOf(place.length);
  return Buffer.from(model.replace(place, path), 'latin1');
}

/** The message with which ONNX Runtime refuses a model whose weights lie at a path of 24 characters. */
function refusal(path: string): Promise<string> {
  return createSession(withWeightsAt(path)).then(
    () => 'it is loaded',
    (error: Error) => error.message,
  );
}

/** SECURITY.md says that weights in another file are refused. ONNX Runtime does that, so another version might not. */
describe('a model whose weights lie in another file', () => {
  it('is refused if the path is absolute, or leaves the working directory', async () => {
    expect(await refusal('///////////////etc/hosts')).to.include('Absolute path not allowed');
    expect(await refusal('../../../../../etc/hosts')).to.include('escapes model directory');
  });

  it('is refused even if the file exists in the working directory', async () => {
    expect(await refusal('.////////////////LICENSE')).to.include('External data path does not exist');
  });

  it('stops the start with a message that names the file of the model', async () => {
    const error = await withPackage((directory) => {
      const bytes = withWeightsAt('.////////////////LICENSE');
      writeFileSync(join(directory, 'iris', 'model.onnx'), bytes);
      changeManifest(directory, { sha256: createHash('sha256').update(bytes).digest('hex') });
      return loadModel(directory, 'iris').catch((thrown: Error) => thrown);
    });
    expect(error).to.have.property('name', 'ModelPackageError');
    expect(error)
      .to.have.property('message')
      .that.matches(/model\.onnx: cannot be loaded: External data path/);
  });
});
