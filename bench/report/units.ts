export function milliseconds(value: number): string {
  if (value < 1) return `${(value * 1000).toFixed(value < 0.1 ? 1 : 0)} µs`;
  return `${value.toFixed(value < 10 ? 2 : 0)} ms`;
}

export const megabytes = (value: number) => `${value.toFixed(value < 10 ? 1 : 0)} MB`;

/** As Linux counts the memory of a process, and Lambda that of a function. */
export const mebibytes = (value: number) => `${value.toFixed(value < 10 ? 1 : 0)} MiB`;

export const perSecond = (value: number) => `${Math.round(value).toLocaleString('en')}/s`;
