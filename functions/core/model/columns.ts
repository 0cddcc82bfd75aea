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
  /** The number of rows. */
  readonly count: number;
  /**
   * Each row is an array of values or a record by feature name. Some `Instances` create this list only when it is read,
   * because `write` does not need it; read it only after the rows were checked.
   */
  readonly rows: readonly unknown[];
  readonly pointerOf: PointerOf;
  readonly leniency?: Leniency;
  /** Checks every row, and writes row i into row i of the model's inputs. */
  write(writer: FeedWriter, report: ReportRow): void;
}

/**
 * Returns the place of a row, or of one of its values, in the body that the client sent, as a JSON pointer (RFC 6901).
 */
export type PointerOf = (row: number, key?: string | number) => string;

/** Reports a problem with a row, or with one of its values. */
export type ReportRow = (row: number, detail: string, key?: string | number) => void;

/** Creates `Instances` from rows that are arrays of values or records by feature name. */
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

/** Creates `Instances` from rows that are made when they are needed. Together they may take more memory than the body. */
export function fromMadeRows(
  count: number,
  toRow: (row: number) => unknown,
  pointerOf: PointerOf,
  leniency: Leniency,
): Instances {
  return {
    count,
    get rows() {
      return Array.from({ length: count }, (_, row) => toRow(row));
    },
    pointerOf,
    leniency,
    write(writer, report) {
      for (let row = 0; row < count; row += 1) {
        writeRow(toRow(row), row, writer, (detail, key) => report(row, detail, key));
      }
    },
  };
}

/** The number of rows that a request may have. It is lower if a row has many values, or its answer many numbers. */
export function mostRows(manifest: Manifest, { rows, probabilities, bodyBytes }: Limits): number {
  return Math.min(rows, perValue(bodyBytes, manifest.features.length), perValue(probabilities, countNumbers(manifest)));
}

/** How many rows of `width` values fit into `most` values: at least one row, and Infinity if `width` is below 2. */
function perValue(most: number, width: number): number {
  return width < 2 ? Number.POSITIVE_INFINITY : Math.max(1, Math.floor(most / width));
}

/**
 * Throws PayloadTooLarge if there are more rows than allowed. The message says how many are allowed. A value takes at
 * least one byte of the body. But a row that leaves out values can be two bytes long, and still needs eight bytes of
 * memory for each feature. So the values are limited, with those that are left out: to one for each byte that a body
 * may have.
 */
export function checkRowCount(rows: number, manifest: Manifest, limits: Limits): void {
  const most = mostRows(manifest, limits);
  if (rows <= most) return;
  throw new RequestError(
    'PayloadTooLarge',
    `Expected at most ${most} rows${toReason(most, manifest, limits)}, got ${rows}`,
  );
}

/** Says which limit makes the number of rows smaller than the limit of rows. */
function toReason(most: number, manifest: Manifest, { rows, probabilities, bodyBytes }: Limits): string {
  if (most === rows) return '';
  const { length } = manifest.features;
  if (most === perValue(bodyBytes, length)) {
    return `, because the limit is ${bodyBytes} values, and a row has ${length}, with those that are left out`;
  }
  return `, because the limit is ${probabilities} ${outputsOf(manifest).at(-1)?.field}`;
}

/**
 * Checks every value and writes it into the model's inputs. Throws InvalidInput that lists the values that do not fit.
 */
export function toFeeds(instances: Instances, manifest: Manifest, limits: Limits): Tensors {
  const errors = createDataErrors();
  const { count, pointerOf, leniency } = instances;
  const feeds = createFeeds(manifest, count, limits, leniency);
  instances.write(feeds.writer, (row, detail, key) => errors.add(pointerOf(row, key), detail));
  errors.throwIfAny();
  return feeds.take(count);
}
