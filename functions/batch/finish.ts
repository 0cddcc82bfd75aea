import type { Manifest } from '../core/model/manifest.ts';
import { toOutputFormat } from './formats/formats.ts';
import type { Job, Report } from './job.ts';
import { JobError } from './job-error.ts';
import { checkModel } from './job-model.ts';
import { readParts } from './parts.ts';
import { labelNames, maxFirstFailed } from './tally.ts';
import { errorsLocation, partErrorsLocation } from './work.ts';
import type { World } from './world.ts';

/** What came of a job; on AWS this is its manifest.json. */
export interface Summary
  extends Pick<Job, 'model' | 'source' | 'output' | 'inputFormat' | 'outputFormat' | 'kept' | 'probabilities'> {
  readonly maxFailed: Job['maxFailed'] | null;
  readonly rows: number;
  readonly failed: number;
  /** The first failed rows, counted from 1. */
  readonly firstFailed: readonly number[];
  /** Rows by label, in the classes' order; of several targets by target and label, and of a regressor none. */
  readonly labels: Readonly<Record<string, number>>;
  readonly parts: number;
  /** Where the reasons of failed rows stand; null where no row failed. */
  readonly errors: string | null;
}

/**
 * Checks that every part is there, once and whole, and joins them as the output. Throws nothing for failed rows: that is
 * `checkFailedRows`, once the summary is written. Throws JobError where a part is missing or not whole.
 */
export async function finishJob(job: Job, parts: number, world: World): Promise<Summary> {
  const { store, manifest } = world;
  checkModel(job, manifest);
  const { stored, sizes } = await readParts(job, parts, store);
  const format = await toOutputFormat(job.outputFormat);
  const summary = toSummary(
    job,
    stored.map(({ report }) => report),
    manifest,
  );

  // First: where the output is, its errors are.
  if (summary.errors === null) await store.remove([errorsLocation(job)]);
  else {
    const failed = stored.filter(({ report }) => report.failed > 0);
    const locations = failed.map(({ report }) => partErrorsLocation(job, report.part));
    const pieces = locations.map((location) => ({ location, start: 0, end: sizes.get(location) ?? 0 }));
    await store.join(pieces, summary.errors);
  }
  await store.join(await format.assemble(stored, { manifest, job, kept: job.kept }, store), job.output);
  return summary;
}

function toSummary(job: Job, reports: readonly Report[], manifest: Manifest): Summary {
  const { model, source, output, inputFormat, outputFormat, kept, probabilities, maxFailed = null } = job;
  const failed = sum(reports.map((report) => report.failed));
  return {
    ...{ model, source, output, inputFormat, outputFormat, kept, probabilities, maxFailed },
    rows: sum(reports.map(({ rows }) => rows)),
    failed,
    firstFailed: reports.flatMap(({ firstFailed }) => firstFailed).slice(0, maxFirstFailed),
    labels: sumLabels(reports, manifest),
    parts: reports.length,
    errors: failed > 0 ? errorsLocation(job) : null,
  };
}

function sumLabels(reports: readonly Report[], manifest: Manifest): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const name of labelNames(manifest).flat()) counts.set(name, 0);
  for (const { labels } of reports) {
    for (const [name, rows] of Object.entries(labels)) counts.set(name, (counts.get(name) ?? 0) + rows);
  }
  return Object.fromEntries([...counts].filter(([, rows]) => rows > 0));
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

/** Throws TooManyFailedRows: more than `maxFailed`, or all there are. */
export function checkFailedRows({ rows, failed, maxFailed, errors }: Summary): void {
  if (failed === 0) return;
  const isTooMany = maxFailed && failed > ('rows' in maxFailed ? maxFailed.rows : (rows * maxFailed.percent) / 100);
  if (!isTooMany && failed < rows) return;
  const allowed = maxFailed && isTooMany ? `, and at most ${describe(maxFailed)} may` : '';
  const all = rows === 1 ? 'The only row failed' : `All ${rows} rows failed`;
  const counted = failed === rows ? all : `${failed} of ${rows} rows failed`;
  throw new JobError('TooManyFailedRows', `${counted}${allowed}: ${errors} has the reasons`);
}

function describe(maxFailed: NonNullable<Summary['maxFailed']>): string {
  return 'rows' in maxFailed ? String(maxFailed.rows) : `${maxFailed.percent} %`;
}
