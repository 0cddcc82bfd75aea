/** Creates a function that returns the milliseconds since its last call, rounded to microseconds. */
export function createStopwatch(): () => number {
  let last = performance.now();
  return () => {
    const now = performance.now();
    const lap = Math.round((now - last) * 1000) / 1000;
    last = now;
    return lap;
  };
}
