import type { BuildResult } from 'esbuild';

/** What is built with a warning may not be what was tested. */
export function refuseWarnings({ warnings }: BuildResult): void {
  if (warnings.length > 0) throw new Error(`esbuild warns: ${warnings.map(({ text }) => text).join('; ')}`);
}
