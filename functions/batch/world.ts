import type { Limits } from '../core/limits.ts';
import type { RunRows } from '../core/model/chunks.ts';
import type { Manifest } from '../core/model/manifest.ts';
import type { Store } from './stores/store.ts';

/** What every step of a job needs. */
export interface World {
  readonly store: Store;
  readonly manifest: Manifest;
  readonly limits: Limits;
}

/** What scoring needs. A loaded Model provides the manifest and `run`. */
export interface ScoringWorld extends World {
  readonly run: RunRows;
  /** Called after each run with the number of its rows, and of those that failed. */
  readonly progress?: (rows: number, failed: number) => void;
}
