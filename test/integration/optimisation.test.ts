import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { createSession } from '../../functions/core/model/onnx.ts';

describe('the optimisations of a graph', () => {
  it('leave its numbers in float64', async () => {
    const { run } = await createSession(readFileSync('test/fixtures/scale.onnx'));
    const data = Float64Array.of(1, 2, 3, 12345.678);
    const { Y } = await run({ X: { dtype: 'float64', data, dims: [2, 2] } });
    expect(Y?.data).to.deep.equal(data.map((value) => value * 0.1));
  });
});
