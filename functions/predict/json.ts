import { createDataErrors, type DataErrors, RequestError } from './errors.ts';
import type { Limits } from './limits.ts';
import { toPointerStep } from './pointer.ts';

/** An array or an object that is being read: its names so far, and what stands at hand. */
interface Level {
  readonly names: Set<string> | undefined;
  key: number | string;
  expectsName: boolean;
}

/** JSON of RFC 8259 without what parsers disagree on. Throws MalformedBody, or InvalidInput for what is too deep or long. */
export function parseJson(text: string, limits: Limits): unknown {
  // A byte order mark is no JSON, and some tools write one.
  const json = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const document = parse(json);
  if (countNames(document, 1, limits) !== countColons(json)) checkJson(json, limits);
  return document;
}

/** Where the parser says so; the rest of what it says would quote the body. */
function toPlace(cause: unknown): string {
  const [, position] = / in JSON at position (\d+)(?: \(line \d+ column \d+\))?$/.exec(String(cause)) ?? [];
  return position === undefined ? '' : ` from character ${position} on`;
}

/**
 * The names in a document, which are as many as colons where none repeats and no string holds a colon: so a usual body
 * needs no second reading of its text, which would take several times as long as the first. NaN where a limit is passed.
 */
function countNames(value: unknown, level: number, limits: Limits): number {
  if (typeof value === 'string') return value.length > limits.stringLength ? Number.NaN : 0;
  if (typeof value !== 'object' || value === null) return 0;
  if (level > limits.depth) return Number.NaN;
  if (Array.isArray(value)) return countNamesWithin(value, level, limits);
  const names = Object.keys(value);
  if (names.length > limits.columns || names.some((name) => name.length > limits.stringLength)) return Number.NaN;
  return names.length + countNamesWithin(Object.values(value), level, limits);
}

function countNamesWithin(values: readonly unknown[], level: number, limits: Limits): number {
  let count = 0;
  for (const value of values) {
    // Most are numbers.
    if (typeof value !== 'number') count += countNames(value, level + 1, limits);
  }
  return count;
}

function countColons(json: string): number {
  let count = 0;
  for (let at = json.indexOf(':'); at >= 0; at = json.indexOf(':', at + 1)) count += 1;
  return count;
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    const problem = json.trim() ? `not${toPlace(cause)}` : 'empty';
    throw new RequestError('MalformedBody', `Expected the body to be JSON, and it is ${problem}`, { cause });
  }
}

/**
 * Reports names that repeat in an object, where JSON.parse keeps the last, and what passes the limits. `json` is known to
 * be valid, so only what opens, closes and separates matters.
 */
function checkJson(json: string, limits: Limits): void {
  const errors = createDataErrors();
  const levels: Level[] = [];
  const structure = /["[\]{},]/g;
  for (let token = structure.exec(json); token; token = structure.exec(json)) {
    if (token[0] === '"') structure.lastIndex = readString(json, token.index, levels, limits, errors);
    else if (token[0] === ',') readComma(levels.at(-1));
    else if (token[0] === '[' || token[0] === '{') open(levels, token[0] === '{', limits);
    else levels.pop();
  }
  errors.throwIfAny();
}

function open(levels: Level[], isObject: boolean, { depth }: Limits): void {
  levels.push(
    isObject ? { names: new Set(), key: '', expectsName: true } : { names: undefined, key: 0, expectsName: false },
  );
  if (levels.length > depth) {
    throw new RequestError('InvalidInput', `Expected a document of at most ${depth} levels, and it has more`);
  }
}

function readComma(level: Level | undefined): void {
  if (!level) return;
  level.expectsName = level.names !== undefined;
  if (typeof level.key === 'number') level.key += 1;
}

/** Reads the string that opens at `start`; returns where it ends. */
function readString(json: string, start: number, levels: readonly Level[], limits: Limits, errors: DataErrors): number {
  const end = endOfString(json, start);
  const text = toText(json.slice(start, end + 1));
  const { length } = text;
  const level = levels.at(-1);
  const isLong = length > limits.stringLength;
  if (level?.names && level.expectsName) {
    level.key = isLong ? '' : text;
    level.expectsName = false;
    if (level.names.has(level.key)) errors.add(toPointer(levels), 'the name stands in its object more than once');
    level.names.add(level.key);
    if (level.names.size > limits.columns) throw tooWide(limits);
  }
  if (isLong) errors.add(toPointer(levels), `expected at most ${limits.stringLength} characters, got ${length}`);
  return end + 1;
}

function toText(quoted: string): string {
  return quoted.includes('\\') ? (JSON.parse(quoted) as string) : quoted.slice(1, -1);
}

function tooWide({ columns }: Limits): RequestError {
  return new RequestError('InvalidInput', `Expected objects of at most ${columns} names, and one has more`);
}

function toPointer(levels: readonly Level[]): string {
  return levels.map((level) => toPointerStep(level.key)).join('');
}

/** The position of the quote that closes the string which opens at `start`. */
function endOfString(json: string, start: number): number {
  let end = json.indexOf('"', start + 1);
  while (isEscaped(json, end)) end = json.indexOf('"', end + 1);
  return end;
}

function isEscaped(json: string, position: number): boolean {
  let backslashes = 0;
  while (json[position - 1 - backslashes] === '\\') backslashes += 1;
  return backslashes % 2 === 1;
}
