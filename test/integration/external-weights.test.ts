import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { createSession } from '../../functions/predict/model/onnx.ts';

/** A model that multiplies by a matrix that is the first 64 bytes of another file: its path is these question marks. */
const model = Buffer.from(
  'CAoSADpvChEKAVgKAVcSAVkiBk1hdE11bBIBZyoxCAQIBBABQgFXaiQKCGxvY2F0aW9uEhg/Pz8/Pz8/Pz8/Pz8/Pz8/Pz8/Pz8/Pz9wAVoRCgFYEgwKCggBEgYKAAoCCARiEQoBWRIMCgoIARIGCgAKAggEQgQKABAV',
  'base64',
).toString('latin1');
const place = '?'.repeat(24);

/** Its first number, or why the model is refused. */
async function readWeight(path: string): Promise<unknown> {
  expect(path).to.have.lengthOf(place.length);
  try {
    const { run } = await createSession(Buffer.from(model.replace(place, path), 'latin1'));
    const { Y } = await run({ X: { dtype: 'float32', data: Float32Array.of(1, 0, 0, 0), dims: [1, 4] } });
    return Y?.data[0];
  } catch (error) {
    return (error as Error).message;
  }
}

/** As SECURITY.md says, of the version of ONNX Runtime that is used. */
describe('a model whose weights lie in another file', () => {
  it('is refused where the path is absolute, or leaves the working directory', async () => {
    expect(await readWeight('///////////////etc/hosts')).to.include('External data path validation failed');
    expect(await readWeight('../../../../../etc/hosts')).to.include('External data path validation failed');
  });

  it('is loaded where the path stays inside', async () => {
    expect(await readWeight('.////////////////LICENSE')).to.equal(readFileSync('LICENSE').readFloatLE(0));
  });
});
