/** The time at which the function's own code began to run. start.ts imports this file first. */
export const startedAt = performance.now();
