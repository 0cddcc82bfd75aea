import type { StoredPart } from '../formats/format.ts';
import type { Job, Report } from '../job/job.ts';
import { JobError } from '../job/job-error.ts';
import type { Store } from '../stores/store.ts';
import { partErrorsLocation, partLocation, readReport } from './work.ts';

/** Reports that are read at the same time. */
const together = 16;

interface Parts {
  /** In the order of the slices. */
  readonly stored: readonly StoredPart[];
  /** The sizes of everything under the job's `work`, by location. */
  readonly sizes: ReadonlyMap<string, number>;
}

/**
 * Returns all parts of a job. Throws Unavailable if a part is missing or incomplete, which scoring its slice again
 * repairs, or if there is a part beyond the job's slices, which nothing repairs.
 */
export async function readParts(job: Job, parts: number, store: Store): Promise<Parts> {
  const { done, sizes } = await findDone(job, parts, store);
  for (let part = 0; part < parts; part += 1) {
    if (!done.has(part)) throw broken(job, `part ${part + 1} of ${parts} is missing or incomplete`);
  }
  if (sizes.has(partLocation(job, parts))) throw broken(job, `there are more than ${parts} parts`);
  const stored = Array.from({ length: parts }, (_, part) => {
    return { location: partLocation(job, part), report: done.get(part) as Report };
  });
  return { stored, sizes };
}

/**
 * Finds which of the job's first `parts` parts are complete. Returns the reports of these by part number, and the sizes
 * of all files under the job's `work`.
 */
export async function findDone(job: Job, parts: number, store: Store) {
  const listed = await store.list(job.work);
  const sizes: ReadonlyMap<string, number> = new Map(listed.map(({ location, size }) => [location, size]));
  const done = new Map<number, Report>();
  for (let start = 0; start < parts; start += together) {
    const numbers = Array.from({ length: Math.min(together, parts - start) }, (_, index) => start + index);
    const reports = await Promise.all(numbers.map((part) => readReport(job, part, store)));
    for (const report of reports) if (report && isWhole(job, report, sizes)) done.set(report.part, report);
  }
  return { done, sizes };
}

function isWhole(job: Job, { part, bytes, failed, errorBytes }: Report, sizes: ReadonlyMap<string, number>): boolean {
  if (sizes.get(partLocation(job, part)) !== bytes) return false;
  return failed === 0 || sizes.get(partErrorsLocation(job, part)) === errorBytes;
}

function broken({ work }: Job, problem: string): JobError {
  return new JobError('Unavailable', `${work}: ${problem}`);
}
