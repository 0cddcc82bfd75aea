/** When the function's own code began to run: start.ts imports nothing before this. */
export const startedAt = performance.now();
