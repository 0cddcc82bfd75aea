import type { Manifest } from '../core/model/manifest.ts';
import { toOutputFormat } from './formats/formats.ts';
import type { Job, Report } from './job/job.ts';
import { JobError } from './job/job-error.ts';
import { checkModel } from './job/job-model.ts';
import { readParts } from './slices/parts.ts';
import { labelNames, maxFirstFailed } from './slices/tally.ts';
import { errorsLocation, partErrorsLocation } from './slices/work.ts';
import type { World } from './world.ts';

/** The result of a job. On AWS it is stored as `<output>.manifest.json`. */
export interface Summary
  extends Pick<
    Job,
    'model' | 'source' | 'output' | 'inputFormat' | 'outputFormat' | 'kept' | 'probabilities' | 'explain'
  > {
  readonly maxFailed: Job['maxFailed'] | null;
  readonly rows: number;
  readonly failed: number;
  /** The first failed rows, counted from 1. */
  readonly firstFailed: readonly number[];
  /** Rows by label. With several targets, names are `target:class`. Labels that no row got are left out. */
  readonly labels: Readonly<Record<string, number>>;
  readonly parts: number;
  /** Location of the file with the reasons of failed rows; null if no row failed. */
  readonly errors: string | null;
}

/**
 * Checks that every part exists and is complete, and joins the parts to the output. Throws JobError if the model has
 * changed, or a part is missing or incomplete. Does not throw for failed rows: call `checkFailedRows` once the summary
 * is written.
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

  // The errors are written before the output: whoever finds the output must also find its errors.
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
  const { model, source, output, inputFormat, outputFormat, kept, probabilities, explain, maxFailed = null } = job;
  const failed = sum(reports.map((report) => report.failed));
  return {
    ...{
      model,
      source,
      output,
      inputFormat,
      outputFormat,
      kept,
      probabilities,
      ...(explain && { explain }),
      maxFailed,
    },
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

/** Throws TooManyFailedRows if more rows than `maxFailed` failed, or every row failed. */
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
