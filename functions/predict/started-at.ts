/** When the function's own code began to run. Nothing may be imported before this. */
export const startedAt = performance.now();
