import type { Job, Slice } from '../../functions/batch/job/job.ts';

/** The messages to a worker process. */
export type Order =
  /** The first message: the job, and the folder of the model's package. */
  | { readonly kind: 'begin'; readonly job: Job; readonly folder: string }
  | { readonly kind: 'score'; readonly slice: Slice };

/** The messages from a worker process. */
export type Answer =
  | { readonly kind: 'ready' }
  /** The rows that the worker has scored since its last message of this kind. */
  | { readonly kind: 'progress'; readonly rows: number; readonly failed: number }
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly name: string; readonly message: string; readonly stack?: string | undefined };
