import type { ColumnMetaData } from 'hyparquet';
import { type Column, toColumns } from '../../../core/model/column.ts';
import { createFeeds } from '../../../core/model/feeds.ts';
import type { Feature } from '../../../core/model/manifest.ts';
import type { Slice } from '../../job/job.ts';
import { JobError } from '../../job/job-error.ts';
import type { Input, Reading, Run } from '../format.ts';
import { createRowProblems } from '../row-problems.ts';
import { mostRunRows } from '../run-rows.ts';
import { typeOf } from './column-type.ts';
import { findFeatures, findKept } from './columns.ts';
import { type Convert, type Cursor, createCursor, type Values } from './cursor.ts';
import { closeGaps, createColumnWriter, toTexts } from './feature-columns.ts';
import { rangeOf, readFooter, type TableColumn, type TableGroup } from './footer.ts';
import { createByteRun } from './input-bytes.ts';
import { asStored, createKept } from './kept.ts';
import { toNumbers } from './numbers.ts';
import { readPages } from './pages.ts';
import { createTimeWriter, isStoredTimes, toTimes } from './times.ts';

/** The compressed bytes that are held for all columns together. With many columns, `leastWindow` makes it more. */
const heldBytes = 64 * 1024 * 1024;
/** The fewest bytes that a read of a column fetches. A shorter read would take as long. */
const leastWindow = 256 * 1024;

/** A column that is read once, and its conversions: to a feature's values, to kept values, or both. */
interface ReadColumn {
  readonly column: TableColumn;
  readonly converts: Convert[];
}

/** The values of some rows, by column and then by conversion. */
type RunValues = readonly (readonly Values[])[];

/**
 * Yields the rows of a slice in runs. However large a row group is, this holds one page of each column and about 64 MiB
 * of compressed bytes, or 256 KiB for each column if more than 256 columns are read. Throws InvalidInput if a column is
 * damaged.
 */
export async function* read(input: Input, slice: Slice, _: number, reading: Reading): AsyncGenerator<Run> {
  const { groups, columns } = await readFooter(input);
  const { readColumns, toRun } = planRuns(columns, reading);
  const most = mostRunRows(reading.manifest);
  for (const group of groups) {
    const isOfSlice = group.row >= slice.row && group.row + group.rows <= slice.row + slice.rows;
    if (!isOfSlice) continue;
    const cursors = createCursors(input, group, readColumns);
    for (let done = 0; done < group.rows; done += most) {
      const rows = Math.min(most, group.rows - done);
      yield toRun(rows, await Promise.all(cursors.map(({ take }) => take(rows))));
    }
  }
}

/** Plans which columns to read, and how their values become a run. */
function planRuns(columns: readonly TableColumn[], { manifest, limits, keep }: Reading) {
  const readColumns: ReadColumn[] = [];
  /** Adds a column and a conversion to the plan. Returns a function that finds its values in a run. */
  const readAs = (column: TableColumn, convert: Convert) => {
    const known = readColumns.findIndex((other) => other.column === column);
    const place = known < 0 ? readColumns.push({ column, converts: [] }) - 1 : known;
    const { converts } = readColumns[place] as ReadColumn;
    const index = converts.push(convert) - 1;
    return (values: RunValues) => values[place]?.[index] as Values;
  };
  const features = findFeatures(columns, manifest).map((column, index) => {
    const feature = manifest.features[index] as Feature;
    const create = holdsTimes(column, feature) ? createTimeWriter : createColumnWriter;
    const write = create(toColumns(manifest)[index] as Column);
    return { name: feature.name, write, valuesOf: readAs(column, toConvert(column, feature)) };
  });
  const kept = findKept(columns, keep).map((column) => ({
    toKept: createKept(column),
    valuesOf: readAs(column, asStored),
  }));

  const toRun = (rows: number, values: RunValues): Run => {
    const feeds = createFeeds(manifest, rows, limits, leniency);
    const problems = createRowProblems();
    for (const { name, write, valuesOf } of features) {
      write(valuesOf(values), feeds.writer, (row, detail) => problems.add(row, detail, name));
    }
    const { found } = problems;
    if (found.size > 0) closeGaps(feeds.writer, manifest, rows, (row) => found.has(row));
    const keptColumns = kept.map(({ toKept, valuesOf }) => toKept(valuesOf(values)));
    return { rows, feeds: feeds.take(rows - found.size), problems: found, kept: keptColumns };
  };
  return { readColumns, toRun };
}

/** Some writers store booleans with missing values as 1.0, 0.0 and NaN, for example pandas after `astype(float)`. */
const leniency = { takesNumbersAsFlags: true };

function holdsTimes({ element }: TableColumn, { dtype }: Feature): boolean {
  return dtype === 'timestamp' && isStoredTimes(element);
}

function toTimeConvert(element: TableColumn['element']): Convert {
  if (isStoredTimes(element)) return toTimes(element);
  return typeOf(element) === 'text' ? toTexts : asStored;
}

function toConvert({ element }: TableColumn, feature: Feature): Convert {
  if (feature.dtype === 'string') return toTexts;
  if (feature.dtype === 'timestamp') return toTimeConvert(element);
  return element.type === 'BOOLEAN' ? asStored : toNumbers(element);
}

/** Creates a cursor for each column that is read. */
function createCursors(
  input: Input,
  { group, row, rows }: TableGroup,
  columns: readonly ReadColumn[],
): readonly Cursor[] {
  const window = Math.max(leastWindow, Math.floor(heldBytes / columns.length));
  return columns.map(({ column, converts }) => {
    const { start, end } = rangeOf(group, column.chunk);
    const chunk = group.columns[column.chunk]?.meta_data as ColumnMetaData;
    const cursor = createCursor(readPages(createByteRun(input, start, end, window), column, chunk), converts);
    return { take: (count) => cursor.take(count).catch((cause) => throwDamage(cause, column, row, rows)) };
  });
}

/** Rethrows errors of the store. Other errors get a new message, because those of hyparquet can quote a value. */
function throwDamage(cause: unknown, { name }: TableColumn, row: number, rows: number): never {
  if (cause instanceof JobError) throw cause;
  const where = `the column ${JSON.stringify(name)} of rows ${row + 1} to ${row + rows}`;
  throw new JobError('InvalidInput', `The Parquet file is damaged in ${where}`, { cause });
}
