/** The milliseconds of each stage that the request reached. */
interface Stages {
  readonly decodeMs?: number;
  readonly inferenceMs?: number;
  readonly explainMs?: number;
  readonly encodeMs?: number;
}

/**
 * Returns a Server-Timing header with the milliseconds of each stage of a prediction: www.w3.org/TR/server-timing.
 * Without a prediction there is no header.
 */
export function toServerTiming({
  decodeMs,
  inferenceMs,
  explainMs,
  encodeMs,
}: Stages): Readonly<Record<string, string>> {
  if (decodeMs === undefined || inferenceMs === undefined || encodeMs === undefined) return {};
  const explain = explainMs === undefined ? '' : `explain;dur=${explainMs}, `;
  return { 'server-timing': `decode;dur=${decodeMs}, inference;dur=${inferenceMs}, ${explain}encode;dur=${encodeMs}` };
}
