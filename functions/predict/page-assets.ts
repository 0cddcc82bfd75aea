import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Reads a file that a page is made of, by its path in their folder. */
export type ReadAsset = (name: string) => Buffer;

/** Not before a page is asked for: the start of a function that predicts reads none of them. */
export function createAssetReader(directory: string): ReadAsset {
  return (name) => readFileSync(join(directory, name));
}
