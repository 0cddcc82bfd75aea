import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { loadModel } from '../../functions/core/model/load.ts';
import type { Prediction } from '../../functions/core/model/prediction.ts';
import { createContext } from '../../local/context.ts';
import { captureOutput } from '../helpers/output.ts';
import { changeManifest, withPackage } from '../helpers/package.ts';
import { expectSamePredictions } from '../helpers/predictions.ts';
import { createService } from '../helpers/service.ts';

describe('a regressor', () => {
  const package_ = 'test/fixtures/diabetes';
  const golden = JSON.parse(readFileSync(`${package_}/golden.json`, 'utf8'));

  it('answers the values of scikit-learn', async () => {
    const model = await loadModel('test/fixtures', 'diabetes');
    const handler = createService(model);
    const { result } = await captureOutput(() => handler(golden.instances, createContext('request-1')));
    const { predictions } = result as { predictions: Prediction[] };
    expect(predictions).to.have.length(200);
    expectSamePredictions(predictions, golden.predictions, 1e-9);
  });

  const refuse = (changes: Record<string, unknown>) =>
    withPackage((directory) => {
      changeManifest(directory, changes, package_);
      return loadModel(directory, 'diabetes').catch((error: Error) => error.message);
    }, package_);

  it('is refused if its output or the answer to its first example differs', async () => {
    const { examples } = JSON.parse(readFileSync(`${package_}/model.json`, 'utf8'));
    const other = [{ ...examples[0], predictions: [{ value: examples[0].predictions[0].value + 0.1 }] }];
    expect(await refuse({ outputs: { value: 'y' } })).to.match(/output y: has no such output/);
    expect(await refuse({ examples: other })).to.match(
      /examples\.0: the model answers {"value":.*model\.json says {"value":/,
    );
  });
});
