export interface Captured<T> {
  readonly result: T;
  /** The lines that are JSON objects, parsed. */
  readonly lines: Record<string, unknown>[];
  /** All other lines, such as a warning of a library. */
  readonly others: string[];
}

let capturing = false;

/** Captures the output to stdout and stderr while `run` runs, and prints none of it. */
export async function captureOutput<T>(run: () => Promise<T>): Promise<Captured<T>> {
  const { stdout, stderr } = process;
  if (capturing) throw new Error('output is being captured already');
  capturing = true;
  const originals = [stdout.write, stderr.write] as const;
  let text = '';
  const write = (chunk: string | Uint8Array) => {
    text += chunk.toString();
    return true;
  };
  [stdout.write, stderr.write] = [write, write];
  try {
    const result = await run();
    const written = text.split('\n').filter((line) => line !== '');
    const lines = written.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
    return { result, lines, others: written.filter((line) => !line.startsWith('{')) };
  } finally {
    [stdout.write, stderr.write] = originals;
    capturing = false;
  }
}

/** Splits lines of JSON into log lines and metric documents. A line can be both. */
export function sortLines(lines: readonly Record<string, unknown>[]) {
  return { logs: lines.filter((line) => 'level' in line), metrics: lines.filter((line) => '_aws' in line) };
}
