const factor = Number(process.env.FUZZ_FACTOR || 1);

/** How often fast-check tries something: `npm run test:fuzz` does it many times more than `npm test`. */
export function runs(count: number): { readonly numRuns: number } {
  return { numRuns: Math.ceil(count * factor) };
}
