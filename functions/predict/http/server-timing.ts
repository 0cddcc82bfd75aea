/** Milliseconds of the stages of a request, as far as it came. */
interface Stages {
  readonly decodeMs?: number;
  readonly inferenceMs?: number;
  readonly encodeMs?: number;
}

/** What a prediction took, for whoever called: www.w3.org/TR/server-timing. Nothing where nothing was predicted. */
export function toServerTiming({ decodeMs, inferenceMs, encodeMs }: Stages): Readonly<Record<string, string>> {
  if (decodeMs === undefined || inferenceMs === undefined || encodeMs === undefined) return {};
  const stages = { decode: decodeMs, inference: inferenceMs, encode: encodeMs };
  const entries = Object.entries(stages).map(([name, ms]) => `${name};dur=${ms.toFixed(3)}`);
  return { 'server-timing': entries.join(', ') };
}
