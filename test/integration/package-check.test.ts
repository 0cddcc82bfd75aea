import { setTimeout as wait } from 'node:timers/promises';
import { expect } from 'chai';
import { loadModel, type Model } from '../../functions/core/model/load.ts';
import { readPackageFile } from '../../functions/core/model/package.ts';
import { type Golden, readGolden } from '../../local/model/golden.ts';
import { problemsWithAnswers } from '../../local/model/package-check.ts';

describe('problemsWithAnswers', () => {
  let model: Model;
  let golden: Golden;
  before(async () => {
    model = await loadModel('models', 'iris');
    golden = readGolden('models/iris', readPackageFile('models/iris', 'golden.json'));
  });

  it('checks only as many golden rows as the time allows', async () => {
    let rows = 0;
    const slow: Model = {
      ...model,
      run: async (feeds) => {
        rows += Object.values(feeds)[0]?.dims[0] ?? 0;
        await wait(30);
        return model.run(feeds);
      },
    };
    expect(await problemsWithAnswers(slow, golden, 100)).to.deep.equal([]);
    expect(rows).to.be.within(20, 80);
  });

  it('applies the tolerance of golden.json, whatever model.json says', async () => {
    const { parity } = model.manifest;
    if (!parity) throw new Error('iris has no parity');
    const loose = { ...model, manifest: { ...model.manifest, parity: { ...parity, tolerance: 1 } } };
    const predictions = golden.predictions.map((prediction) => {
      if (!('label' in prediction)) return prediction;
      const { setosa = 0, ...others } = prediction.probabilities ?? {};
      return { ...prediction, probabilities: { setosa: setosa + 2e-9, ...others } };
    });
    expect(await problemsWithAnswers(loose, { ...golden, predictions })).to.deep.equal([
      'golden.json: the answers to 200 of 200 rows differ from those of the original: instances 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, …',
    ]);
  });
});
