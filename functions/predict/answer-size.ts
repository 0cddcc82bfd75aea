import { RequestError } from './errors.ts';
import type { Limits } from './limits.ts';
import type { Manifest } from './model/manifest.ts';
import { type Predictions, toRecords } from './model/prediction.ts';
import { onceFor } from './once-for.ts';

const sample = 30;
/** Bytes for what the gateway and Lambda add: status, headers, names. */
const envelope = 4096;
/** A number that takes as many characters as one can. */
const longNumber = -0.0000012345678901234567;

/**
 * Throws PayloadTooLarge where the answer to this many rows could be larger than Lambda lets through, and says how many
 * rows fit. It is judged by the longest prediction that the model can give, so it is known before the inference runs.
 */
export function checkAnswerFits(
  rows: number,
  encode: (predictions: Predictions) => object,
  manifest: Manifest,
  { answerBytes, stringLength }: Limits,
): void {
  // So a usual request pays nothing. A client's id can be as long as a string may be, and a character takes seven bytes.
  if (rows * toBound(manifest).bytesPerRow < answerBytes - envelope - 7 * stringLength) return;
  const one = sizeOf(encode(longestPredictions(1, manifest)));
  // Over many rows, as bytes become base64 by three.
  const perRow = Math.ceil((sizeOf(encode(longestPredictions(sample + 1, manifest))) - one) / sample);
  const fitting = Math.floor((answerBytes - envelope - one) / perRow) + 1;
  if (rows <= fitting) return;
  const expected =
    fitting > 0
      ? `Expected at most ${fitting} rows, whose answer fits into ${answerBytes} bytes`
      : `No answer of this model in this form fits into ${answerBytes} bytes`;
  throw new RequestError('PayloadTooLarge', `${expected}, and there are ${rows}`);
}

/** What a row takes at most in any protocol: two records of it, as the Open Inference Protocol has two names for each output. */
const toBound = onceFor((manifest: Manifest) => {
  const [record] = toRecords(longestPredictions(1, manifest));
  return { bytesPerRow: 2 * Buffer.byteLength(JSON.stringify(JSON.stringify(record))) };
});

function longestPredictions(rows: number, manifest: Manifest): Predictions {
  if (manifest.task === 'regression') return { values: new Float64Array(rows).fill(longNumber) };
  const { classes } = manifest;
  const sizes = classes.map((value) => Buffer.byteLength(JSON.stringify(JSON.stringify(value))));
  const longest = sizes.indexOf(Math.max(...sizes));
  const probabilities = new Float64Array(rows * classes.length).fill(longNumber);
  return { classes, labels: new Int32Array(rows).fill(longest), probabilities };
}

/** Bytes that an answer takes in the JSON of an invocation's result, in which a text is escaped and bytes are base64. */
function sizeOf(answer: object): number {
  const { body } = answer as { body?: unknown };
  if (!(body instanceof Uint8Array)) return Buffer.byteLength(JSON.stringify(answer));
  return Buffer.byteLength(JSON.stringify({ ...answer, body: '' })) + Math.ceil(body.length / 3) * 4;
}
