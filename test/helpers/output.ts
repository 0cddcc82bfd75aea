export interface Captured<T> {
  readonly result: T;
  /** Structured lines. */
  readonly lines: Record<string, unknown>[];
  /** Any other line: a warning of a library, say. */
  readonly others: string[];
}

let capturing = false;

/** What was written while `run` ran; nothing of it is printed. */
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

/** The log lines and the metric documents among structured lines. */
export function sortLines(lines: readonly Record<string, unknown>[]) {
  return { logs: lines.filter((line) => 'level' in line), metrics: lines.filter((line) => '_aws' in line) };
}
