/** Milliseconds of the stages of a request, as far as it came. */
interface Stages {
  readonly decodeMs?: number;
  readonly inferenceMs?: number;
  readonly encodeMs?: number;
}

/** What a prediction took, for whoever called: www.w3.org/TR/server-timing. Nothing where nothing was predicted. */
export function toServerTiming({ decodeMs, inferenceMs, encodeMs }: Stages): Readonly<Record<string, string>> {
  if (decodeMs === undefined || inferenceMs === undefined || encodeMs === undefined) return {};
  return { 'server-timing': `decode;dur=${decodeMs}, inference;dur=${inferenceMs}, encode;dur=${encodeMs}` };
}
