/** The structured lines that were written while `run` ran; nothing is printed. */
export async function captureOutput<T>(
  run: () => Promise<T>,
): Promise<{ result: T; lines: Record<string, unknown>[] }> {
  const { stdout, stderr } = process;
  const originals = [stdout.write, stderr.write] as const;
  let text = '';
  const write = (chunk: string | Uint8Array) => {
    text += chunk.toString();
    return true;
  };
  [stdout.write, stderr.write] = [write, write];
  try {
    const result = await run();
    return { result, lines: parseLines(text) };
  } finally {
    [stdout.write, stderr.write] = originals;
  }
}

function parseLines(text: string): Record<string, unknown>[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));
}

/** The log lines and the metric documents among structured lines. */
export function sortLines(lines: readonly Record<string, unknown>[]) {
  return { logs: lines.filter((line) => 'level' in line), metrics: lines.filter((line) => '_aws' in line) };
}
