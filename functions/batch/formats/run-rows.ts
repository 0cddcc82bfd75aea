import type { Manifest } from '../../core/model/manifest.ts';

/** With a few features, the inputs of so many rows are a few hundred kilobytes, which fit into a processor's cache. */
const maxRows = 4096;
/** A short row can leave out many values, and then has a problem for each. So the values of a run are limited, too. */
const maxValues = 1024 * 1024;

/** The most rows of a run. */
export function mostRunRows({ features }: Manifest): number {
  return Math.max(1, Math.min(maxRows, Math.floor(maxValues / features.length)));
}
