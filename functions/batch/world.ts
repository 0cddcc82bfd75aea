import type { Limits } from '../core/limits.ts';
import type { Model } from '../core/model/load.ts';
import type { Manifest } from '../core/model/manifest.ts';
import type { Store } from './stores/store.ts';

/** What every step of a job needs. */
export interface World {
  readonly store: Store;
  readonly manifest: Manifest;
  readonly limits: Limits;
}

/** What scoring needs. */
export interface ScoringWorld extends World, Model {
  /** Called after each run with the number of its rows, and of those that failed. */
  readonly progress?: (rows: number, failed: number) => void;
}
