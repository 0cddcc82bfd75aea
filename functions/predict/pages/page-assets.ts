import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Reads one of the files that the pages are made of. `name` is its path in the folder of these files. */
export type ReadAsset = (name: string) => Buffer;

/** Reads a file when its page is requested, so that a prediction's cold start does not pay for it. */
export function createAssetReader(directory: string): ReadAsset {
  return (name) => readFileSync(join(directory, name));
}
