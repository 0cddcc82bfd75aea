import { createDataErrors, RequestError } from '../errors.ts';
import type { Limits } from '../limits.ts';
import type { FeedWriter } from './column.ts';
import { createFeeds } from './feeds.ts';
import type { Manifest } from './manifest.ts';
import type { Leniency } from './names.ts';
import { countNumbers, outputsOf } from './outputs.ts';
import { writeRow } from './row-writing.ts';
import type { Tensors } from './tensor.ts';

/** The rows of a request, before they are checked. */
export interface Instances {
  /** Of rows. */
  readonly count: number;
  /** Each an array of values or a record of them by feature. Made when asked for where `write` does without; rows that fit. */
  readonly rows: readonly unknown[];
  readonly pointerOf: PointerOf;
  readonly leniency?: Leniency;
  /** Checks every row, and writes it to the row of the feeds that has its number. */
  write(writer: FeedWriter, report: ReportRow): void;
}

/** Where a row, or one of its values, stands in the body as the client wrote it, as a JSON pointer (RFC 6901). */
export type PointerOf = (row: number, key?: string | number) => string;

/** Says what is wrong with a row, or with one of its values. */
export type ReportRow = (row: number, detail: string, key?: string | number) => void;

/** Rows that came as values: each an array of them or a record by feature. */
export function fromRows(rows: readonly unknown[], pointerOf: PointerOf, leniency: Leniency = {}): Instances {
  return {
    count: rows.length,
    rows,
    pointerOf,
    leniency,
    write(writer, report) {
      let row = 0;
      const reportHere = (detail: string, key?: string | number) => report(row, detail, key);
      for (; row < rows.length; row += 1) writeRow(rows[row], row, writer, reportHere);
    },
  };
}

/** The rows that a request may have: fewer where the answer to a row has many numbers. */
export function mostRows(manifest: Manifest, { rows, probabilities }: Limits): number {
  const width = countNumbers(manifest);
  return width < 2 ? rows : Math.min(rows, Math.max(1, Math.floor(probabilities / width)));
}

/** Throws PayloadTooLarge, and says how many rows are not too many. */
export function checkRowCount(rows: number, manifest: Manifest, limits: Limits): void {
  const most = mostRows(manifest, limits);
  if (rows <= most) return;
  const field = outputsOf(manifest).at(-1)?.field;
  const reason = most < limits.rows ? `, which have ${limits.probabilities} ${field}` : '';
  throw new RequestError('PayloadTooLarge', `Expected at most ${most} rows${reason}, got ${rows}`);
}

/** Checks every value and lays them out as the model's inputs. Throws InvalidInput that lists what does not fit. */
export function toFeeds(instances: Instances, manifest: Manifest, limits: Limits): Tensors {
  const errors = createDataErrors();
  const { count, pointerOf, leniency } = instances;
  const feeds = createFeeds(manifest, count, limits, leniency);
  instances.write(feeds.writer, (row, detail, key) => errors.add(pointerOf(row, key), detail));
  errors.throwIfAny();
  return feeds.take(count);
}
