import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Reads a file that a page is made of, by its path in their folder. */
export type ReadAsset = (name: string) => Buffer;

/** Reads a file when its page is requested, so that a prediction's cold start does not pay for it. */
export function createAssetReader(directory: string): ReadAsset {
  return (name) => readFileSync(join(directory, name));
}
