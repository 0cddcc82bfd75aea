/** The milliseconds of each stage that the request reached. */
interface Stages {
  readonly decodeMs?: number;
  readonly inferenceMs?: number;
  readonly encodeMs?: number;
}

/** The Server-Timing header of a prediction: www.w3.org/TR/server-timing. Empty if nothing was predicted. */
export function toServerTiming({ decodeMs, inferenceMs, encodeMs }: Stages): Readonly<Record<string, string>> {
  if (decodeMs === undefined || inferenceMs === undefined || encodeMs === undefined) return {};
  return { 'server-timing': `decode;dur=${decodeMs}, inference;dur=${inferenceMs}, encode;dur=${encodeMs}` };
}
