import { defaultLimits } from '../../functions/core/limits.ts';
import { fromRows, toFeeds } from '../../functions/core/model/columns.ts';
import { loadModel, type Model } from '../../functions/core/model/load.ts';
import { type Output, outputsOf } from '../../functions/core/model/outputs.ts';
import type { Prediction } from '../../functions/core/model/prediction.ts';
import { readAt } from '../../functions/core/model/records.ts';
import { createContext } from '../../local/context.ts';
import { differBesideOthers } from '../helpers/neighbours.ts';
import { captureOutput } from '../helpers/output.ts';
import { createService } from '../helpers/service.ts';
import type { Exported, Visited } from './report.ts';

const timed = 20;

/** Serves a package, and compares its answers with those of the original, and with its own to the same rows alone. */
export async function replay(folder: string, report: Exported): Promise<Visited> {
  const model = await loadModel(folder, report.name);
  const handler = createService(model);
  const { result } = await captureOutput(() => handler(report.instances, createContext('zoo')));
  const { predictions } = result as { predictions: Prediction[] };
  const { manifest } = model;
  const outputs = outputsOf(manifest);
  const rows = predictions.map((prediction, row) => compare(prediction, outputs, report, row));
  const labels = rows.flatMap(({ sameLabel }) => (sameLabel === undefined ? [] : [sameLabel]));
  const missing = report.instances.length - predictions.length;
  const differing = await differBesideOthers(model, report.instances);
  return {
    ...report,
    rows: rows.length,
    agreement: labels.length > 0 ? labels.filter(Boolean).length / labels.length : null,
    largestError: Math.max(...rows.map(({ error }) => error)),
    microseconds: report.family ? 0 : await measure(model, report),
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

function compare(
  prediction: Prediction,
  outputs: readonly Output[],
  { instances, predictions, parity }: Exported,
  row: number,
): Comparison {
  const expected = predictions[row];
  const read = (answer: Prediction | undefined, wanted: Output['kind']) =>
    outputs.flatMap(({ field, kind, columns }) =>
      kind === wanted && answer ? columns.map(({ path }) => readAt(answer, field, path)) : [],
    );
  const [labels, numbers] = [read(expected, 'labels'), read(expected, 'numbers')];
  const [answered, actual] = [read(prediction, 'labels'), read(prediction, 'numbers')];
  const errors = numbers.map((number, index) => {
    const size = Math.max(parity.scale, Math.abs(Number(number)));
    return Math.abs(Number(number) - Number(actual[index])) / size;
  });
  const error = expected ? Math.max(0, ...errors) : Number.NaN;
  const sameLabel = labels.length === 0 ? undefined : labels.every((label, index) => label === answered[index]);
  const agrees = error <= parity.tolerance && sameLabel !== false;
  const wrong = agrees
    ? undefined
    : `${JSON.stringify(instances[row])}: ${JSON.stringify(prediction)}, and the original ${JSON.stringify(expected)}`;
  return { error, sameLabel, wrong };
}

/** The microseconds per row in the fastest of several runs of the graph, each with all rows at once. */
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
