import { limitsFor } from '../core/model/texts.ts';
import type { ScoredRun } from './formats/format.ts';
import { toInputFormat, toOutputFormat } from './formats/formats.ts';
import { packed } from './formats/gzip.ts';
import type { Job, Report, Slice } from './job/job.ts';
import { checkModel } from './job/job-model.ts';
import { createPartErrors } from './slices/part-errors.ts';
import { divideRun, scoreRun } from './slices/runs.ts';
import { createTally } from './slices/tally.ts';
import { partErrorsLocation, partLocation, reportLocation, toBytes } from './slices/work.ts';
import type { ScoringWorld } from './world.ts';

/**
 * Scores a slice: writes its part, the reasons of its failed rows, and last its report. Scoring it again writes the
 * same bytes. Throws JobError: ModelChanged, InvalidInput, and those of the store.
 */
export async function scoreSlice(job: Job, slice: Slice, world: ScoringWorld): Promise<Report> {
  const { store, manifest } = world;
  checkModel(job, manifest);
  const format = await toOutputFormat(job.outputFormat);
  const writer = format.createPart({ manifest, job, kept: job.kept });
  const tally = createTally(manifest, slice.row);
  const errors = createPartErrors(partErrorsLocation(job, slice.part), slice.row, store);

  async function* toContent(): AsyncIterable<Uint8Array> {
    for await (const run of scoreRuns(job, slice, world)) {
      await errors.add(run);
      tally.add(run);
      world.progress?.(run.rows, run.problems.size);
      yield writer.write(run);
    }
    yield writer.end();
  }

  const content = job.outputFormat.gzip ? packed(toContent()) : toContent();
  const part = countBytes(content);
  try {
    await store.put(partLocation(job, slice.part), part.content);
  } finally {
    await errors.end();
  }
  const report = { part: slice.part, bytes: part.bytes(), errorBytes: errors.bytes(), ...tally.counts() };
  checkRows(slice, report);
  await store.put(reportLocation(job, slice.part), toBytes(report));
  return report;
}

/** Throws if the slice has another number of rows than it was cut with: all following rows would get wrong numbers. */
function checkRows({ part, rows }: Slice, report: Report): void {
  if (report.rows !== rows) throw new Error(`part ${part} has ${report.rows} rows, but its slice was cut with ${rows}`);
}

async function* scoreRuns(job: Job, slice: Slice, world: ScoringWorld): AsyncIterable<ScoredRun> {
  const { store, manifest, limits } = world;
  const format = await toInputFormat(job.inputFormat);
  const reading = { manifest, limits: limitsFor(manifest, limits), keep: job.kept };
  const input = { store, source: job.source };
  for await (const run of format.read(input, slice, job.headerBytes, reading)) {
    for (const piece of divideRun(run, manifest, job)) yield await scoreRun(piece, world, job);
  }
}

function countBytes(content: AsyncIterable<Uint8Array>) {
  let bytes = 0;
  async function* counted(): AsyncIterable<Uint8Array> {
    for await (const some of content) {
      bytes += some.length;
      if (some.length > 0) yield some;
    }
  }
  return { content: counted(), bytes: () => bytes };
}
