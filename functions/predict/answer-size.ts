import { RequestError } from './errors.ts';
import type { Limits } from './limits.ts';
import type { Manifest } from './model/manifest.ts';
import type { Prediction } from './model/prediction.ts';

/** Rows up to which any answer fits, so that a usual request pays nothing. */
const certainRows = 100;
const sample = 30;
/** Bytes for what the gateway and Lambda add: status, headers, names. */
const envelope = 4096;
/** A number that takes as many characters as one can. */
const longNumber = -1.2345678901234568e-300;

/**
 * Throws PayloadTooLarge where the answer to this many rows could be larger than Lambda lets through, and says how many
 * rows fit. It is judged by the longest prediction that the model can give, so it is known before the inference runs.
 */
export function checkAnswerFits(
  rows: number,
  encode: (predictions: readonly Prediction[]) => object,
  manifest: Manifest,
  { answerBytes }: Limits,
): void {
  if (rows <= certainRows) return;
  const prediction = longestPrediction(manifest);
  const one = sizeOf(encode([prediction]));
  // Over many rows, as bytes become base64 by three.
  const perRow = Math.ceil((sizeOf(encode(Array(sample + 1).fill(prediction))) - one) / sample);
  const fitting = Math.floor((answerBytes - envelope - one) / perRow) + 1;
  if (rows <= fitting) return;
  const detail = `Expected at most ${fitting} rows, whose answer fits into ${answerBytes} bytes, and there are ${rows}`;
  throw new RequestError('PayloadTooLarge', detail);
}

function longestPrediction(manifest: Manifest): Prediction {
  if (manifest.task === 'regression') return { value: longNumber };
  const [label = ''] = manifest.classes.toSorted((a, b) => JSON.stringify(b).length - JSON.stringify(a).length);
  return { label, probabilities: Object.fromEntries(manifest.classes.map((name) => [name, longNumber])) };
}

/** Bytes that an answer takes in the JSON of an invocation's result, in which a text is escaped and bytes are base64. */
function sizeOf(answer: object): number {
  const { body } = answer as { body?: unknown };
  if (!(body instanceof Uint8Array)) return Buffer.byteLength(JSON.stringify(answer));
  return Buffer.byteLength(JSON.stringify({ ...answer, body: '' })) + Math.ceil(body.length / 3) * 4;
}
