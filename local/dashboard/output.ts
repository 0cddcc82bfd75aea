/**
 * Passes all text that is written to standard output to `add`, because the function writes its metrics there. With
 * `hides`, text that begins as JSON, such as a log line, does not reach the terminal.
 */
export function observeOutput(add: (text: string) => void, hides: boolean): void {
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = ((chunk: string | Uint8Array, ...rest: []) => {
    if (typeof chunk === 'string') add(chunk);
    return hides && typeof chunk === 'string' && chunk.startsWith('{') ? true : write(chunk, ...rest);
  }) as typeof process.stdout.write;
}
