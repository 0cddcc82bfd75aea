import type { BuildResult } from 'esbuild';

/** Fails a build with warnings, because its result may not be what was tested. */
export function refuseWarnings({ warnings }: BuildResult): void {
  if (warnings.length > 0) throw new Error(`esbuild warns: ${warnings.map(({ text }) => text).join('; ')}`);
}
