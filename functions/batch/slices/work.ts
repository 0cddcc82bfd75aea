import type { Job, JobPlan, Report, Slice } from '../job/job.ts';
import type { Store } from '../stores/store.ts';

/**
 * The file with the output of a part. Every location depends only on the job and the part number, so a step that runs
 * again overwrites its own files.
 */
export function partLocation({ work }: Job, part: number): string {
  return `${work}/part-${toNumber(part)}`;
}

/** The file with a line for each failed row of a part. It does not exist if no row failed. */
export function partErrorsLocation({ work }: Job, part: number): string {
  return `${work}/errors-${toNumber(part)}.jsonl`;
}

export function reportLocation({ work }: Job, part: number): string {
  return `${work}/report-${toNumber(part)}.json`;
}

/** The file with all failed rows, beside the output. It does not exist if no row failed. */
export function errorsLocation({ output }: { readonly output: string }): string {
  return `${output}.errors.jsonl`;
}

function toNumber(part: number): string {
  return String(part).padStart(5, '0');
}

/**
 * Writes the plan. The slices have their own file, because there can be thousands, and scoring a slice only needs the
 * job.
 */
export async function writePlan({ job, slices }: JobPlan, store: Store): Promise<void> {
  await store.put(`${job.work}/slices.json`, toBytes(slices));
  await store.put(`${job.work}/job.json`, toBytes(job));
}

/** Undefined if there is no plan, or job.json was not completely written. */
export async function readJob(work: string, store: Store): Promise<Job | undefined> {
  return readDocument<Job>(`${work}/job.json`, store);
}

/** Undefined if there is no plan, or slices.json was not completely written. */
export async function readSlices(work: string, store: Store): Promise<readonly Slice[] | undefined> {
  return readDocument<readonly Slice[]>(`${work}/slices.json`, store);
}

/** Undefined if the part is not done, or its report was not completely written. */
export async function readReport(job: Job, part: number, store: Store): Promise<Report | undefined> {
  return readDocument<Report>(reportLocation(job, part), store);
}

export function toBytes(document: unknown): Uint8Array {
  return Buffer.from(`${JSON.stringify(document)}\n`);
}

async function readDocument<T>(location: string, store: Store): Promise<T | undefined> {
  const bytes = await store.get(location);
  try {
    return bytes && (JSON.parse(Buffer.from(bytes).toString()) as T);
  } catch {
    // A full disk or a power failure can leave half a file, which counts as missing. Then a local run plans or scores
    // again. The Lambda function fails; if the plan is missing, its message says to start the job again.
    return undefined;
  }
}
