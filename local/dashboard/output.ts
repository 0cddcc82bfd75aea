/**
 * Passes everything that is written to standard output to `add`, because metrics are lines of it. With `hides`, lines
 * of JSON do not reach the terminal.
 */
export function observeOutput(add: (text: string) => void, hides: boolean): void {
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = ((chunk: string | Uint8Array, ...rest: []) => {
    if (typeof chunk === 'string') add(chunk);
    return hides && typeof chunk === 'string' && chunk.startsWith('{') ? true : write(chunk, ...rest);
  }) as typeof process.stdout.write;
}
