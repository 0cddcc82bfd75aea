import type { Limits } from '../core/limits.ts';
import type { RunRows } from '../core/model/chunks.ts';
import type { Manifest } from '../core/model/manifest.ts';
import type { Store } from './stores/store.ts';

/** What a step of a job works with. */
export interface World {
  readonly store: Store;
  readonly manifest: Manifest;
  readonly limits: Limits;
}

/** What scores: a loaded Model has the manifest and the run. */
export interface ScoringWorld extends World {
  readonly run: RunRows;
  /** Told after each run how many rows it had, and how many of them failed. */
  readonly progress?: (rows: number, failed: number) => void;
}
