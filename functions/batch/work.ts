import type { Job, JobPlan, Report, Slice } from './job.ts';
import type { Store } from './stores/store.ts';

/** Where the pieces of a job are. All names follow from the job and the part, so a step that runs again overwrites its own. */
export function partLocation({ work }: Job, part: number): string {
  return `${work}/part-${toNumber(part)}`;
}

/** A line for each failed row of a part; there is none where no row failed. */
export function partErrorsLocation({ work }: Job, part: number): string {
  return `${work}/errors-${toNumber(part)}.jsonl`;
}

export function reportLocation({ work }: Job, part: number): string {
  return `${work}/report-${toNumber(part)}.json`;
}

/** Beside the output. There is none where no row failed. */
export function errorsLocation({ output }: { readonly output: string }): string {
  return `${output}.errors.jsonl`;
}

function toNumber(part: number): string {
  return String(part).padStart(5, '0');
}

/** Writes down what was planned: the job, which every slice reads, apart from the slices, of which there can be thousands. */
export async function writePlan({ job, slices }: JobPlan, store: Store): Promise<void> {
  await store.put(`${job.work}/slices.json`, toBytes(slices));
  await store.put(`${job.work}/job.json`, toBytes(job));
}

/** Undefined where nothing was planned there, or the plan was not finished. */
export async function readJob(work: string, store: Store): Promise<Job | undefined> {
  return readDocument<Job>(`${work}/job.json`, store);
}

/** Undefined where nothing was planned there. */
export async function readSlices(work: string, store: Store): Promise<readonly Slice[] | undefined> {
  return readDocument<readonly Slice[]>(`${work}/slices.json`, store);
}

/** Undefined where the part is not done. */
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
    // A disk that was full, or switched off, can leave half of a file: what was in it is done again.
    return undefined;
  }
}
