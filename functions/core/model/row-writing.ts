import { onceFor } from '../once-for.ts';
import { type Column, type FeedWriter, writeValue } from './column.ts';
import { describeUnknown, maxNameShown, problemWithLack, toAlikes } from './names.ts';
import { isRecord, kindOf } from './value.ts';

/** Reports a problem with the current row, or with one of its values: `key` is the value's position or name. */
export type Report = (detail: string, key?: string | number) => void;

const maxNamesListed = 20;

/**
 * Checks the values of a row (an array, or a record by feature name) and writes them into row `row` of the model's
 * inputs. Reports each value that does not fit.
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

/** Reports that the number of values differs from the number of features. */
export function reportWidth(width: number, writer: FeedWriter, report: Report): void {
  const { columns } = writer;
  if (isTooWide(width, writer, report)) return;
  report(`expected ${columns.length} values (${listNames(columns)}), got ${width}`);
}

/** Lists the first names only: there can be thousands of features. */
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
  const alikes = toAlikes(lacking.length > 0 ? unknown : []);
  for (const column of lacking) {
    const problem = problemWithLack(column.feature, alikes, found > 0, writer.leniency);
    if (problem) report(problem);
    else writeValue(null, row, column, writer);
  }
}

/** Writes the features that a record has. Returns their number. */
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

/**
 * Reports unknown names. A name can be as long as the body, so a long one is left out of the pointer to keep the error
 * small.
 */
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
