import { RequestError } from '../core/errors.ts';
import type { ExplainOptions } from '../core/explain/explanations.ts';
import { toLongestExplanations } from '../core/explain/longest.ts';
import type { Limits } from '../core/limits.ts';
import type { Class } from '../core/model/classes.ts';
import { mostRows } from '../core/model/columns.ts';
import type { Manifest } from '../core/model/manifest.ts';
import { countNumbers, outputsOf } from '../core/model/outputs.ts';
import { createBlock, type Predictions } from '../core/model/prediction.ts';
import { toRecords } from '../core/model/records.ts';
import { onceFor } from '../core/once-for.ts';
import { native } from './protocols/native.ts';
import { explanationForms, type ShorterForm, shorterForms } from './protocols/shorter-forms.ts';

const sample = 30;
/** Bytes reserved for what the gateway and Lambda add: status, headers, names. */
const envelope = 4096;
/** A number with the most characters that a number can have. */
const longNumber = -0.0000012345678901234567;

type Encode = (predictions: Predictions) => object;

/**
 * Throws PayloadTooLarge if the answer to this many rows could be larger than `answerBytes`. The message says how many
 * rows fit, in this and in shorter forms. The estimate uses the longest prediction that the model can give, so it needs
 * no inference.
 */
export function checkAnswerFits(
  rows: number,
  encode: Encode,
  manifest: Manifest,
  limits: Limits,
  explain?: ExplainOptions,
): void {
  if (explain) {
    checkExplanationsFit(rows, encode, manifest, limits, explain);
    return;
  }
  const { answerBytes, stringLength } = limits;
  // A quick bound, so that usual requests skip the estimate. A client's id can be as long as `stringLength`, and each
  // character can take seven bytes.
  if (rows * toBound(manifest).bytesPerRow < answerBytes - envelope - 7 * stringLength) return;
  checkForms(rows, countFitting(encode, manifest, limits), shorterForms, manifest, limits);
}

/**
 * Does the same for explanations. They have many numbers and texts, so each form is measured with the longest
 * explanations that it can show.
 */
function checkExplanationsFit(
  rows: number,
  encode: Encode,
  manifest: Manifest,
  limits: Limits,
  explain: ExplainOptions,
): void {
  const { answerBytes, stringLength } = limits;
  const { numbers } = explain;
  // The shortest form of a long number is a float64 in base64, of more than 10 characters. If the numbers of one row
  // are too long even in this form, the answer is not measured: that could take gigabytes of memory.
  const isHuge = numbers === 'all' && 10 * countNumbers(manifest) * manifest.features.length > answerBytes;
  if (!isHuge && rows * explanationBounds[numbers](manifest).bytesPerRow < answerBytes - envelope - 7 * stringLength) {
    return;
  }
  const explaining =
    <Answer extends object>(
      encodeAs: (predictions: Predictions, manifest: Manifest) => Answer,
      shown: ExplainOptions['numbers'],
    ) =>
    (predictions: Predictions): Answer => {
      const explanations = toLongestExplanations(
        predictions.rows,
        longNumber,
        { ...explain, numbers: shown },
        manifest,
      );
      return encodeAs({ ...predictions, explanations }, manifest);
    };
  const forms = explanationForms.map((form) => ({ ...form, encode: explaining(form.encode, 'predicted') }));
  const fitting = isHuge ? 0 : countFitting(explaining(encode, numbers), manifest, limits);
  checkForms(rows, fitting, forms, manifest, limits);
}

function checkForms(
  rows: number,
  fitting: number,
  forms: readonly ShorterForm[],
  manifest: Manifest,
  limits: Limits,
): void {
  const { answerBytes } = limits;
  if (rows <= fitting) return;
  const expected =
    fitting > 0
      ? `Expected at most ${Math.min(fitting, mostRows(manifest, limits))} rows, whose answer fits into ${answerBytes} bytes`
      : `No answer of this model in this form fits into ${answerBytes} bytes`;
  const others = adviseForms(forms, fitting, manifest, limits);
  throw new RequestError('PayloadTooLarge', `${expected}, and there are ${rows}${others}`);
}

function countFitting(encode: Encode, manifest: Manifest, { answerBytes }: Limits): number {
  const one = sizeOf(encode(longestPredictions(1, manifest)));
  if (one > answerBytes - envelope) return 0;
  // Measured over many rows, because base64 encodes three bytes at a time. If the answer to one row is large, three rows
  // must do: the answers to many would take gigabytes of memory.
  const more = one * sample > answerBytes ? 3 : sample;
  const perRow = Math.ceil((sizeOf(encode(longestPredictions(more + 1, manifest))) - one) / more);
  return Math.floor((answerBytes - envelope - one) / perRow) + 1;
}

/** The forms in which more rows fit. */
function adviseForms(forms: readonly ShorterForm[], fitting: number, manifest: Manifest, limits: Limits): string {
  const advice = forms.flatMap(({ how, encode }) => {
    const rows = countFitting((predictions) => encode(predictions, manifest), manifest, limits);
    return rows > Math.max(fitting, 0) ? [`${Math.min(rows, mostRows(manifest, limits))} fit ${how(manifest)}`] : [];
  });
  return advice.length > 0 ? `; ${advice.join(', ')}` : '';
}

/**
 * An upper bound for the bytes of a row in any protocol: two JSON records, because the Open Inference Protocol has two
 * names for each output.
 */
const toBound = onceFor((manifest: Manifest) => {
  const [record] = toRecords(longestPredictions(1, manifest));
  return { bytesPerRow: 2 * Buffer.byteLength(JSON.stringify(JSON.stringify(record))) };
});

/**
 * The same bound for explanations. The smallest budget stands for every method: permutations have the longest answer,
 * because they add standard errors.
 */
const toExplanationBound = (numbers: ExplainOptions['numbers']) =>
  onceFor((manifest: Manifest) => {
    const explanations = toLongestExplanations(1, longNumber, { numbers, budget: 1 }, manifest);
    const { body } = native.encode({ ...longestPredictions(1, manifest), explanations }, manifest, undefined);
    return { bytesPerRow: 2 * Buffer.byteLength(JSON.stringify(body)) };
  });
const explanationBounds = { all: toExplanationBound('all'), predicted: toExplanationBound('predicted') };

function longestPredictions(rows: number, manifest: Manifest): Predictions {
  const outputs = outputsOf(manifest);
  const blocks = outputs.map(({ kind, columns }) => {
    const block = createBlock(kind, rows * columns.length);
    if (kind === 'numbers') return block.fill(longNumber);
    const longest = columns.map(({ classes }) => findLongest(classes));
    for (let at = 0; at < block.length; at += 1) block[at] = longest[at % longest.length] as number;
    return block;
  });
  return { rows, outputs, blocks };
}

function findLongest(classes: readonly Class[]): number {
  const sizes = classes.map((value) => Buffer.byteLength(JSON.stringify(JSON.stringify(value))));
  return sizes.reduce((longest, size, position) => (size > (sizes[longest] as number) ? position : longest), 0);
}

/** The size of an answer in the JSON that Lambda returns, where texts are escaped and bytes are base64. */
function sizeOf(answer: object): number {
  const { body } = answer as { body?: unknown };
  if (!(body instanceof Uint8Array)) return Buffer.byteLength(JSON.stringify(answer));
  return Buffer.byteLength(JSON.stringify({ ...answer, body: '' })) + Math.ceil(body.length / 3) * 4;
}
