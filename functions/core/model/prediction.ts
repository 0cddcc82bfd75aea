import { createDataErrors } from '../errors.ts';
import { type Class, toNames } from './classes.ts';
import type { Instances } from './columns.ts';
import type { Manifest } from './manifest.ts';
import type { Tensor, Tensors } from './tensor.ts';

/** The answers for all rows, in the rows' order. */
export type Predictions = Classification | LabelsAlone | Regression;

/** Labels are positions in `classes`. Probabilities are row-major, [rows, classes]; those of a row sum to 1. */
export interface Classification {
  readonly classes: readonly Class[];
  readonly labels: Int32Array;
  readonly probabilities: Float64Array;
}

/** What is kept for an answer that shows no probabilities, of which a row can have thousands. */
export interface LabelsAlone {
  readonly classes: readonly Class[];
  readonly labels: Int32Array;
  /** The largest probability of each row. */
  readonly confidences: Float64Array;
}

/** In the target's unit. */
export interface Regression {
  readonly values: Float64Array;
}

/** The answer for one row, as documents hold it; probabilities are by the name of the class. */
export type Prediction =
  | { readonly label: Class; readonly probabilities: Readonly<Record<string, number>> }
  | { readonly value: number };

/** Answers, and the rows among them that have none that is finite, in their order. */
export interface Answers {
  readonly predictions: Predictions;
  readonly unanswered: readonly number[];
}

/** What is said of a row without an answer. */
export const noAnswer = 'the model has no finite answer for these values; are they far outside of the training data?';

export function toAnswers(fetches: Tensors, manifest: Manifest): Answers {
  if (manifest.task === 'regression') {
    const values = toScores(fetch(fetches, manifest.outputs.value));
    return { predictions: { values }, unanswered: findUnanswered(values, 1) };
  }
  const { classes, outputs } = manifest;
  const tensor = fetch(fetches, outputs.probabilities);
  const probabilities = toScores(tensor);
  const labels = toPositions(fetch(fetches, outputs.label), classes.length);
  const isOfLabels = isOfConfidences(tensor);
  return {
    predictions: isOfLabels ? { classes, labels, confidences: probabilities } : { classes, labels, probabilities },
    unanswered: findUnanswered(probabilities, isOfLabels ? 1 : classes.length),
  };
}

/** Throws InvalidInput where the model has no finite answer to one of the rows. */
export function toPredictions(
  fetches: Tensors,
  manifest: Manifest,
  { pointerOf }: Pick<Instances, 'pointerOf'>,
): Predictions {
  const { predictions, unanswered } = toAnswers(fetches, manifest);
  if (unanswered.length === 0) return predictions;
  const errors = createDataErrors();
  for (const row of unanswered) errors.add(pointerOf(row), noAnswer);
  errors.throwIfAny();
  return predictions;
}

/** Leaves the largest of each row's probabilities, or NaN where one of them is not finite, in the place of all. */
export function keepConfidences(fetches: Tensors, { outputs }: Manifest): Tensors {
  if (!('probabilities' in outputs)) return fetches;
  const { dims, data } = fetch(fetches, outputs.probabilities);
  const [rows = 0, width = 0] = dims;
  const confidences = Float64Array.from({ length: rows }, (_, row) => largestOf(data as Float64Array, row, width));
  return { ...fetches, [outputs.probabilities]: { dtype: 'float64', dims: [rows, 1], data: confidences } };
}

/** There are two classes at least. */
function isOfConfidences({ dims: [, width] }: Tensor): boolean {
  return width === 1;
}

/** The largest of a row's probabilities, or NaN where one of them is not finite. */
function largestOf(probabilities: ArrayLike<number>, row: number, width: number): number {
  let [largest, sum] = [0, 0];
  for (let at = row * width; at < (row + 1) * width; at += 1) {
    const probability = probabilities[at] as number;
    largest = Math.max(largest, probability);
    sum += probability;
  }
  return Number.isFinite(sum) ? largest : Number.NaN;
}

/** Rows whose largest probability is below a threshold. */
export function countUnsure(predictions: Classification | LabelsAlone, threshold: number): number {
  const isOfLabels = 'confidences' in predictions;
  const scores = isOfLabels ? predictions.confidences : predictions.probabilities;
  const width = isOfLabels ? 1 : predictions.classes.length;
  let unsure = 0;
  for (let row = 0; row < predictions.labels.length; row += 1) {
    if (largestOf(scores, row, width) < threshold) unsure += 1;
  }
  return unsure;
}

/** Throws where an answer shows the probabilities that it said it would not. */
export function withProbabilities(predictions: Classification | LabelsAlone): Classification {
  if ('probabilities' in predictions) return predictions;
  throw new Error('the answer was to be of labels alone');
}

export function countRows(predictions: Predictions): number {
  return 'values' in predictions ? predictions.values.length : predictions.labels.length;
}

/** One for each of the first rows, all where there is no limit. */
export function toRecords(predictions: Predictions, limit = countRows(predictions)): Prediction[] {
  if ('values' in predictions) return Array.from(predictions.values.subarray(0, limit), (value) => ({ value }));
  const { classes, labels, probabilities } = withProbabilities(predictions);
  const names = toNames(classes);
  return Array.from(labels.subarray(0, limit), (label, row) => {
    const entries = names.map((name, column) => [name, probabilities[row * names.length + column] as number]);
    return { label: classes[label] as Class, probabilities: Object.fromEntries(entries) };
  });
}

/** The other way, for the examples of model.json. */
export function fromRecords(records: readonly Prediction[], manifest: Manifest): Predictions {
  if (manifest.task === 'regression') {
    return { values: Float64Array.from(records, (record) => ('value' in record ? record.value : Number.NaN)) };
  }
  const { classes } = manifest;
  const answers = records.flatMap((record) => ('label' in record ? record : []));
  return {
    classes,
    labels: Int32Array.from(answers, ({ label }) => classes.indexOf(label)),
    probabilities: Float64Array.from(
      answers.flatMap(({ probabilities }) => toNames(classes).map((name) => probabilities[name] ?? Number.NaN)),
    ),
  };
}

/** Of int64 the low half, little-endian as Lambda's machines are: reading it whole would make a bigint for each row. */
function toPositions({ data }: Tensor, classes: number): Int32Array {
  const { buffer, byteOffset, length } = data as BigInt64Array;
  const halves = new Int32Array(buffer, byteOffset, 2 * length);
  const positions = new Int32Array(length);
  for (let row = 0; row < length; row += 1) {
    const position = halves[2 * row] as number;
    if (position < 0 || position >= classes) throw new Error(`the model answered class ${position} of ${classes}`);
    positions[row] = position;
  }
  return positions;
}

function toScores({ data }: Tensor): Float64Array {
  return data instanceof Float64Array ? data : Float64Array.from(data as Float32Array);
}

function findUnanswered(scores: Float64Array, width: number): readonly number[] {
  const unanswered: number[] = [];
  if (scores.every(Number.isFinite)) return unanswered;
  for (let row = 0; row * width < scores.length; row += 1) {
    if (!scores.subarray(row * width, (row + 1) * width).every(Number.isFinite)) unanswered.push(row);
  }
  return unanswered;
}

function fetch(fetches: Tensors, name: string): Tensor {
  const tensor = fetches[name];
  if (!tensor) throw new Error(`the model gave no output ${name}`);
  return tensor;
}
