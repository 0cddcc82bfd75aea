import { isUtf8 } from 'node:buffer';
import { RequestError } from '../../../core/errors.ts';
import { parseJson } from '../../../core/json/json.ts';
import { toPlace } from '../../../core/json/place.ts';
import type { Limits } from '../../../core/limits.ts';
import type { Manifest } from '../../../core/model/manifest.ts';
import { isRecord } from '../../../core/model/value.ts';
import type { KeptColumn, Run, SliceReading } from '../format.ts';
import { notUtf8 } from '../row-problems.ts';
import { checkRows, problemsOf, type ReadRow } from './checked-rows.ts';
import { readTexts } from './texts.ts';

/** The lines that are not blank, as texts; undefined for a line that is not UTF-8. */
export function toLines(batch: Buffer): readonly (string | undefined)[] {
  if (isUtf8(batch)) return batch.toString('utf8').split('\n').filter(isRow);
  const lines: (string | undefined)[] = [];
  let from = 0;
  while (from < batch.length) {
    const end = batch.indexOf(0x0a, from);
    const line = batch.subarray(from, end < 0 ? batch.length : end);
    const text = isUtf8(line) ? line.toString('utf8') : undefined;
    if (text === undefined || isRow(text)) lines.push(text);
    from += line.length + 1;
  }
  return lines;
}

function isRow(line: string): boolean {
  return /[^ \t\r]/.test(line);
}

/** Reads rows. The kept columns of an object are its members; those of an array are the features in their order. */
export function toRun(lines: readonly (string | undefined)[], reading: SliceReading): Run {
  const rows = lines.map((line) => readLine(line, reading.limits));
  const { feeds, problems } = checkRows(rows, reading);
  return { rows: lines.length, feeds, problems, kept: toKept(lines, rows, reading) };
}

export function readLine(line: string | undefined, limits: Limits): ReadRow {
  if (line === undefined) return { problems: [{ pointer: '', detail: notUtf8 }] };
  try {
    return { value: parseJson(line, limits) };
  } catch (error) {
    const isMalformed = error instanceof RequestError && error.name === 'MalformedBody';
    if (!isMalformed) return { problems: problemsOf(error) };
    const detail = `expected JSON, but it is invalid${toPlace(line, error.cause)}`;
    return { problems: [{ pointer: '', detail }] };
  }
}

/** The names of a row's columns; undefined if it is neither an object nor an array. */
export function namesOf(row: unknown, { features }: Manifest): readonly string[] | undefined {
  if (isRecord(row)) return Object.keys(row);
  return Array.isArray(row) ? features.map(({ name }) => name) : undefined;
}

function toKept(
  lines: readonly (string | undefined)[],
  rows: readonly ReadRow[],
  { keep: names, manifest: { features } }: SliceReading,
): readonly KeptColumn[] {
  if (names.length === 0) return [];
  const columns = new Map<string | number | undefined, string[]>(names.map((name) => [name, []]));
  const take = (row: number) => (key: string | number, text: string) => {
    const texts = columns.get(typeof key === 'number' ? features[key]?.name : key);
    if (texts) texts[row] = text;
  };
  for (const [row, read] of rows.entries()) {
    if ('value' in read && typeof read.value === 'object' && read.value) readTexts(lines[row] ?? '', take(row));
  }
  return names.map((name) => toColumn(name, columns.get(name) ?? []));
}

/** `texts` holds the JSON text of each row's value. */
function toColumn(name: string, texts: readonly (string | undefined)[]): KeptColumn {
  const json = (row: number) => texts[row] ?? 'null';
  return {
    name,
    json,
    text(row) {
      const text = json(row);
      if (text === 'null') return undefined;
      return text.startsWith('"') ? (JSON.parse(text) as string) : text;
    },
    value: (row) => toValue(json(row)),
  };
}

function toValue(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    // JSON.parse refuses NaN and Infinity. An array or object that contains one stays a text.
    return /^(NaN|-?Infinity)$/.test(json) ? Number(json) : json;
  }
}
