import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { loadModel } from '../../functions/core/model/load.ts';
import { createSession } from '../../functions/core/model/onnx.ts';
import { changeManifest, withPackage } from '../helpers/package.ts';

/** A model that multiplies by a matrix that is the first 64 bytes of another file: its path is these question marks. */
const model = Buffer.from(
  'CAoSADpvChEKAVgKAVcSAVkiBk1hdE11bBIBZyoxCAQIBBABQgFXaiQKCGxvY2F0aW9uEhg/Pz8/Pz8/Pz8/Pz8/Pz8/Pz8/Pz8/Pz9wAVoRCgFYEgwKCggBEgYKAAoCCARiEQoBWRIMCgoIARIGCgAKAggEQgQKABAV',
  'base64',
).toString('latin1');
const place = '?'.repeat(24);

function withWeightsAt(path: string): Buffer {
  expect(path).to.have.lengthOf(place.length);
  return Buffer.from(model.replace(place, path), 'latin1');
}

/** Why the model is refused. */
function refusal(path: string): Promise<string> {
  return createSession(withWeightsAt(path)).then(
    () => 'it is loaded',
    (error: Error) => error.message,
  );
}

/** As SECURITY.md says, of the version of ONNX Runtime that is used. */
describe('a model whose weights lie in another file', () => {
  it('is refused where the path is absolute, or leaves the working directory', async () => {
    expect(await refusal('///////////////etc/hosts')).to.include('Absolute path not allowed');
    expect(await refusal('../../../../../etc/hosts')).to.include('escapes model directory');
  });

  it('is refused where the file is there, in the working directory', async () => {
    expect(await refusal('.////////////////LICENSE')).to.include('External data path does not exist');
  });

  it('stops the start by the name of its file', async () => {
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
