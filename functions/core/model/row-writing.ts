import { onceFor } from '../once-for.ts';
import { type Column, type FeedWriter, writeValue } from './column.ts';
import { describeUnknown, maxNameShown, problemWithLack } from './names.ts';
import { isRecord, kindOf } from './value.ts';

/** Says what is wrong with the row at hand, or with one value of it: `key` is its position or name. */
export type Report = (detail: string, key?: string | number) => void;

const maxNamesListed = 20;

/**
 * Checks the values of a row, an array of them or a record by feature, and writes them to a row of the feeds. Reports
 * everything that does not fit.
 */
export function writeRow(values: unknown, row: number, writer: FeedWriter, report: Report): void {
  if (Array.isArray(values)) writePositional(values, row, writer, report);
  else if (isRecord(values)) writeNamed(values, row, writer, report);
  else report(`expected an array or an object of ${writer.columns.length} values, got ${kindOf(values)}`);
}

function isTooWide(width: number, { limits }: FeedWriter, report: Report): boolean {
  if (width <= limits.columns) return false;
  report(`expected at most ${limits.columns} columns, got ${width}`);
  return true;
}

function writePositional(values: readonly unknown[], row: number, writer: FeedWriter, report: Report): void {
  const { columns } = writer;
  if (values.length !== columns.length) {
    reportWidth(values.length, writer, report);
    return;
  }
  if (isTooWide(values.length, writer, report)) return;
  for (let index = 0; index < values.length; index += 1) {
    const problem = writeValue(values[index], row, columns[index] as Column, writer);
    if (problem) report(problem, index);
  }
}

/** Says that a row has not a value for each feature. */
export function reportWidth(width: number, writer: FeedWriter, report: Report): void {
  const { columns } = writer;
  if (isTooWide(width, writer, report)) return;
  report(`expected ${columns.length} values (${listNames(columns)}), got ${width}`);
}

/** There can be thousands. */
function listNames(columns: readonly Column[]): string {
  const names = columns.slice(0, maxNamesListed).map(({ name }) => name.slice(0, maxNameShown));
  return [...names, ...(columns.length > maxNamesListed ? ['…'] : [])].join(', ');
}

type Fields = Readonly<Record<string, unknown>>;

function writeNamed(record: Fields, row: number, writer: FeedWriter, report: Report): void {
  const names = Object.keys(record);
  if (isTooWide(names.length, writer, report)) return;
  const found = writeFound(record, row, writer, report);
  if (found === names.length && found === writer.columns.length) return;
  const known = toKnownNames(writer.columns);
  const unknown = names.filter((name) => !known.has(name));
  reportUnknown(unknown, writer, report);
  const lacking = writer.columns.filter(({ name }) => !Object.hasOwn(record, name));
  for (const column of lacking) {
    const problem = problemWithLack(column.feature, unknown, found > 0, writer.leniency);
    if (problem) report(problem);
    else writeValue(null, row, column, writer);
  }
}

/** Writes what a record has of the features; returns how many these are. */
function writeFound(record: Fields, row: number, writer: FeedWriter, report: Report): number {
  let found = 0;
  for (const column of writer.columns) {
    const { name } = column;
    if (!Object.hasOwn(record, name)) continue;
    found += 1;
    const problem = writeValue(record[name], row, column, writer);
    if (problem) report(problem, name);
  }
  return found;
}

const toKnownNames = onceFor((columns: readonly Column[]) => new Set(columns.map(({ name }) => name)));

/** A name can be as long as the body, and a pointer to each of many would pass what an answer may hold. */
function reportUnknown(names: readonly string[], { columns, leniency }: FeedWriter, report: Report): void {
  for (const name of names) {
    if (leniency.ignores?.(name)) continue;
    const detail = describeUnknown(
      name,
      columns.map(({ feature }) => feature),
      leniency,
    );
    report(detail, name.length > maxNameShown ? undefined : name);
  }
}
