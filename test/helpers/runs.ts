const factor = Number(process.env.FUZZ_FACTOR || 1);

/** The number of inputs that fast-check tries. `npm run test:fuzz` tries many times more than `npm test`. */
export function runs(count: number): { readonly numRuns: number } {
  return { numRuns: Math.ceil(count * factor) };
}
