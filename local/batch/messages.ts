import type { Job, Slice } from '../../functions/batch/job.ts';

/** What a worker is told. */
export type Order =
  /** First: what it works on, and the folder of the model. */
  | { readonly kind: 'begin'; readonly job: Job; readonly folder: string }
  | { readonly kind: 'score'; readonly slice: Slice };

/** What a worker answers. */
export type Answer =
  | { readonly kind: 'ready' }
  /** Since it was told last. */
  | { readonly kind: 'progress'; readonly rows: number; readonly failed: number }
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly name: string; readonly message: string; readonly stack?: string | undefined };
