import { defaultLimits } from '../../functions/core/limits.ts';
import { toNames } from '../../functions/core/model/classes.ts';
import { fromRows, toFeeds } from '../../functions/core/model/columns.ts';
import { loadModel, type Model } from '../../functions/core/model/load.ts';
import type { Prediction } from '../../functions/core/model/prediction.ts';
import { createContext } from '../../local/context.ts';
import { differBesideOthers } from '../helpers/neighbours.ts';
import { captureOutput } from '../helpers/output.ts';
import { createService } from '../helpers/service.ts';
import type { Exported, Visited } from './report.ts';

const timed = 20;

/** Serves a package and asks it for the rows that the original has answered, all at once and beside others. */
export async function replay(folder: string, report: Exported): Promise<Visited> {
  const model = await loadModel(folder, report.name);
  const handler = createService(model);
  const { result } = await captureOutput(() => handler(report.instances, createContext('zoo')));
  const { predictions } = result as { predictions: Prediction[] };
  const { manifest } = model;
  const names = manifest.task === 'classification' ? toNames(manifest.classes) : [];
  const rows = predictions.map((prediction, row) => compare(prediction, names, report, row));
  const labels = rows.flatMap(({ sameLabel }) => (sameLabel === undefined ? [] : [sameLabel]));
  const missing = report.instances.length - predictions.length;
  const differing = await differBesideOthers(model, report.instances);
  return {
    ...report,
    rows: rows.length,
    agreement: labels.length > 0 ? labels.filter(Boolean).length / labels.length : null,
    largestError: Math.max(...rows.map(({ error }) => error)),
    microseconds: await measure(model, report),
    wrong: [
      ...(missing === 0 ? [] : [`${missing} rows have no answer`]),
      ...differing.map((rows) => `${rows} are answered with other bits than alone`),
      ...rows.flatMap(({ wrong }) => wrong ?? []),
    ],
  };
}

interface Comparison {
  readonly error: number;
  readonly sameLabel: boolean | undefined;
  readonly wrong: string | undefined;
}

/** `names` are those of the classes, in their order. */
function compare(
  prediction: Prediction,
  names: readonly string[],
  { instances, predictions, parity }: Exported,
  row: number,
): Comparison {
  const expected = predictions[row] ?? Number.NaN;
  const scores = typeof expected === 'number' ? [expected] : expected[1];
  const actual = 'value' in prediction ? [prediction.value] : names.map((name) => prediction.probabilities[name]);
  const error =
    Math.max(...scores.map((score, index) => Math.abs(score - (actual[index] ?? Number.NaN)))) / parity.scale;
  const sameLabel =
    typeof expected === 'number' ? undefined : 'label' in prediction && prediction.label === expected[0];
  const agrees = error <= parity.tolerance && sameLabel !== false;
  const wrong = agrees
    ? undefined
    : `${JSON.stringify(instances[row])}: ${JSON.stringify(prediction)}, and the original ${JSON.stringify(expected)}`;
  return { error, sameLabel, wrong };
}

/** Microseconds a row of the fastest of several runs with all rows at once, tensors in and tensors out. */
async function measure({ run, manifest }: Model, { instances }: Exported): Promise<number> {
  const feeds = toFeeds(
    fromRows(instances, () => ''),
    manifest,
    defaultLimits,
  );
  let fastest = Number.POSITIVE_INFINITY;
  for (let index = 0; index < timed; index += 1) {
    const start = performance.now();
    await run(feeds);
    fastest = Math.min(fastest, performance.now() - start);
  }
  return (fastest / instances.length) * 1000;
}
