const factor = Number(process.env.FUZZ_FACTOR || 1);

/** Makes fast-check try `count` inputs in `npm test`, and FUZZ_FACTOR times as many in `npm run test:fuzz`. */
export function runs(count: number): { readonly numRuns: number } {
  return { numRuns: Math.ceil(count * factor) };
}
