/** Metrics are lines among others on the standard output; `hides` keeps lines of JSON from the terminal. */
export function observeOutput(add: (text: string) => void, hides: boolean): void {
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = ((chunk: string | Uint8Array, ...rest: []) => {
    if (typeof chunk === 'string') add(chunk);
    return hides && typeof chunk === 'string' && chunk.startsWith('{') ? true : write(chunk, ...rest);
  }) as typeof process.stdout.write;
}
