import { expect } from 'chai';
import { jsonLines } from '../../examples/protocol.ts';
import { defaultLimits } from '../../functions/core/limits.ts';
import { toFeeds } from '../../functions/core/model/columns.ts';
import { loadModel } from '../../functions/core/model/load.ts';
import { toShown } from '../../functions/core/model/outputs.ts';
import { toPredictions } from '../../functions/core/model/prediction.ts';

describe('the example of a protocol', () => {
  it('reads a row from each line, and writes a prediction for each', async () => {
    const { manifest, run } = await loadModel('models', 'iris');
    const body = '[5.1,3.5,1.4,0.2]\n{"sepal_length":5.7,"sepal_width":2.8,"petal_length":4.5,"petal_width":1.3}\n';
    const { instances } = jsonLines.decode({ headers: {}, parameters: {}, body }, manifest, defaultLimits);
    const fetches = await run(toFeeds(instances, manifest, defaultLimits));
    const predictions = toPredictions(fetches, toShown(manifest, false), instances);
    const lines = String(jsonLines.encode(predictions, manifest, undefined).body)
      .trim()
      .split('\n');
    expect(lines.map((line) => JSON.parse(line).label)).to.deep.equal(['setosa', 'versicolor']);
  });
});
