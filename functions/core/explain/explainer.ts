import { createDataErrors } from '../errors.ts';
import type { PointerOf } from '../model/columns.ts';
import type { Model } from '../model/load.ts';
import type { Output } from '../model/outputs.ts';
import { blockOf, fetch, type Predictions, toNumbers } from '../model/prediction.ts';
import type { Tensors } from '../model/tensor.ts';
import { onceFor } from '../once-for.ts';
import { type Background, openBackground } from './background.ts';
import { createEstimate } from './estimate.ts';
import { createExact } from './exact.ts';
import { toExplained } from './explained.ts';
import type { ExplainOptions, Explanations } from './explanations.ts';
import type { Method } from './method.ts';
import { type BlockSize, createMixer, grow, smallBlock } from './mixer.ts';
import { createPace } from './pace.ts';
import { createReasons } from './reasons.ts';
import { throughPairs } from './steps.ts';
import { type Ask, createWalk } from './walk.ts';

/** Rows that the model has answered. */
export interface AnsweredRows {
  readonly feeds: Tensors;
  readonly predictions: Predictions;
}

/** The rows of a request. */
export interface RequestedRows extends AnsweredRows {
  readonly pointerOf: PointerOf;
}

/** The explanations of all rows. `unexplained` lists, in order, the rows with a contribution that is not finite. */
export interface EachExplained {
  readonly explanations: Explanations;
  readonly unexplained: readonly number[];
}

/** Explains the answers of a model by Shapley values against its package's background. */
export interface Explainer {
  /**
   * Explains all rows. Throws InvalidInput if a row has no explanation, and PayloadTooLarge if it would take longer
   * than `msLeft` milliseconds.
   */
  explain(rows: RequestedRows, options: ExplainOptions, msLeft?: number): Promise<Explanations>;
  /**
   * Explains all rows of a table. A row that has no explanation does not stop the others: it is listed in
   * `unexplained`.
   */
  explainEach(rows: AnsweredRows, options: ExplainOptions, msLeft?: number): Promise<EachExplained>;
}

/** The error for a row without an explanation. */
export const noExplanation =
  'the model has no finite answer if some of these values are replaced by values of its background rows';

/**
 * Returns the explainer of a model, which is created once. Throws InvalidInput if the model cannot be explained. The
 * background is read at the first explanation.
 */
export const explainerOf = onceFor((model: Model): Explainer => createExplainer(model));

export function createExplainer(model: Model, now = () => performance.now()): Explainer {
  const { manifest, readBackground } = model;
  const { output, methodFor } = toExplained(manifest);
  const size = { rows: smallBlock };
  let opened: Promise<Background> | undefined;
  const explainEach: Explainer['explainEach'] = async (rows, options, msLeft = Number.POSITIVE_INFINITY) => {
    opened ??= openBackground(readBackground?.(), output, model);
    const background = await opened;
    const method = methodFor(options);
    const pace = createPace(rows.predictions.rows, method, manifest.features.length, msLeft, now);
    return explainAll(rows, options.numbers, { model, output, background, method, size, pace, now });
  };
  return {
    explainEach,
    async explain(rows, options, msLeft) {
      const { explanations, unexplained } = await explainEach(rows, options, msLeft);
      const errors = createDataErrors();
      for (const row of unexplained) errors.add(rows.pointerOf(row), noExplanation);
      errors.throwIfAny();
      return explanations;
    },
  };
}

/** The parts that explaining a row needs. */
interface Tools {
  readonly model: Model;
  readonly output: Output;
  readonly background: Background;
  readonly method: Method;
  readonly size: BlockSize;
  readonly pace: (steps: number) => void;
  readonly now: () => number;
}

async function explainAll(
  answered: AnsweredRows,
  numbers: ExplainOptions['numbers'],
  tools: Tools,
): Promise<EachExplained> {
  const { feeds, predictions } = answered;
  const { output, background, method } = tools;
  const { manifest } = tools.model;
  const answers = blockOf(predictions, output.field) as Float64Array;
  const width = output.columns.length * manifest.features.length;
  const contributions = new Float64Array(predictions.rows * width);
  const standardErrors = method.name === 'exact' ? undefined : new Float64Array(contributions.length);
  const unexplained: number[] = [];
  const explainRow = createRowExplainer(feeds, answers, tools);
  for (let row = 0; row < predictions.rows; row += 1) {
    const own = await explainRow(row);
    if (!own.contributions.every(Number.isFinite)) unexplained.push(row);
    contributions.set(own.contributions, row * width);
    if (own.standardErrors) standardErrors?.set(own.standardErrors, row * width);
  }
  const { base } = background;
  const reasonsOf = createReasons({ predictions, output, contributions }, feeds, manifest);
  const explanations = {
    method,
    numbers,
    output,
    base,
    contributions,
    ...(standardErrors && { standardErrors }),
    reasonsOf,
  };
  return { explanations, unexplained };
}

/** The explanation of one row. Both arrays are [numbers, features]. */
interface RowExplanation {
  readonly contributions: Float64Array;
  readonly standardErrors?: Float64Array;
}

type ExplainRow = (row: number) => Promise<RowExplanation>;

function createRowExplainer(feeds: Tensors, answers: Float64Array, tools: Tools): ExplainRow {
  const { model, output, background, method, size, pace, now } = tools;
  const features = model.manifest.features.length;
  const width = output.columns.length;
  const mixer = createMixer(model.manifest, background, feeds, size);
  const ask: Ask = async (rows, steps) => {
    const begin = now();
    const numbers = toNumbers(fetch(await model.run(rows), output.tensor));
    grow(size, now() - begin);
    pace(steps);
    // Lets a local server answer other requests in between.
    await new Promise(setImmediate);
    return numbers;
  };
  const answerTo = (row: number) => answers.slice(row * width, (row + 1) * width);
  if (method.name === 'exact') {
    const explainExactly = createExact(features, background, mixer, ask);
    return async (row) => ({ contributions: await explainExactly(mixer.begin(row), answerTo(row)) });
  }
  const walk = createWalk(features, background, mixer, ask);
  return async (row) => {
    const { visit, contributions, toStandardErrors } = createEstimate(features, background.base);
    await walk(throughPairs(features, method.pairs), mixer.begin(row), answerTo(row), visit);
    return { contributions, standardErrors: toStandardErrors() };
  };
}
