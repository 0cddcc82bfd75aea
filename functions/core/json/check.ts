import { createDataErrors, type DataErrors, RequestError } from '../errors.ts';
import type { Limits } from '../limits.ts';
import { toPointerStep } from '../pointer.ts';

/** The names and array positions that lead to a value. */
export type Path = readonly { readonly key: number | string }[];

/** An array or object whose end has not been reached: the names read so far, and the current key. */
interface Level {
  readonly names: Set<string> | undefined;
  key: number | string;
  expectsName: boolean;
}

const quote = 0x22;
/** The codes of `{` and `}`. Those of `[` and `]` differ only in `bit`. */
const [opening, closing, bit] = [0x7b, 0x7d, 0x20];

/** Arrays and objects that a document may have per allowed row. Some clients write `[1]` for each value of a column. */
const perRow = 5;

/**
 * Throws InvalidInput if arrays and objects are nested deeper than the limit, and PayloadTooLarge if there are too
 * many: empty arrays, once parsed, take 15 to 30 times the memory of their text. The text does not have to be valid
 * JSON.
 */
export function checkStructure(json: string, limits: Limits): void {
  let [level, count] = [0, 0];
  for (let at = 0; at < json.length; at += 1) {
    const code = json.charCodeAt(at);
    if (code === quote) at = endOfString(json, at);
    else if ((code | bit) === closing) level -= 1;
    else if ((code | bit) === opening) {
      level += 1;
      count += 1;
      checkCounts(level, count, at, limits);
    }
  }
}

function checkCounts(level: number, count: number, at: number, { depth, rows }: Limits): void {
  if (level > depth) throw tooDeep(depth, at);
  if (count <= rows * perRow) return;
  const expected = `Expected a document of at most ${rows * perRow} arrays and objects, got more`;
  throw new RequestError('PayloadTooLarge', expected);
}

function tooDeep(depth: number, at: number): RequestError {
  const problem = `the limit is passed at character ${at}`;
  return new RequestError('InvalidInput', `Expected a document of at most ${depth} levels, but ${problem}`);
}

/**
 * Reports names that occur twice in an object (JSON.parse would silently keep the last), and texts beyond the limits.
 * `json` must be valid JSON, except that it may hold NaN and Infinity. So the scan only looks at brackets, commas,
 * strings and NaN. It calls `visitNaN` with the path to each NaN.
 */
export function checkJson(json: string, limits: Limits, visitNaN: (path: Path) => void = () => {}): void {
  const errors = createDataErrors('the document');
  const levels: Level[] = [];
  const structure = /["[\]{},]|NaN/g;
  for (let token = structure.exec(json); token; token = structure.exec(json)) {
    if (token[0] === '"') structure.lastIndex = readString(json, token.index, levels, limits, errors);
    else if (token[0] === ',') readComma(levels.at(-1));
    else if ('[{'.includes(token[0])) open(levels, token, limits);
    else if (token[0] === 'NaN') visitNaN(levels);
    else levels.pop();
  }
  errors.throwIfAny();
}

function open(levels: Level[], { 0: bracket, index }: RegExpExecArray, { depth }: Limits): void {
  levels.push(
    bracket === '{'
      ? { names: new Set(), key: '', expectsName: true }
      : { names: undefined, key: 0, expectsName: false },
  );
  if (levels.length > depth) throw tooDeep(depth, index);
}

function readComma(level: Level | undefined): void {
  if (!level) return;
  level.expectsName = level.names !== undefined;
  if (typeof level.key === 'number') level.key += 1;
}

/** Reads the string that opens at `start`. Returns the position after its closing quote. */
function readString(json: string, start: number, levels: readonly Level[], limits: Limits, errors: DataErrors): number {
  const end = endOfString(json, start);
  const text = toText(json.slice(start, end + 1));
  const { length } = text;
  const level = levels.at(-1);
  const most = mostCharacters(level, limits);
  const isLong = length > most;
  if (level?.names && level.expectsName) {
    // In pointers, '' replaces a long name. `names` keeps it whole, so that two long names stay different from each
    // other and from ''.
    level.key = isLong ? '' : text;
    level.expectsName = false;
    if (level.names.has(text)) errors.add(toPointer(levels), 'the name occurs more than once in its object');
    level.names.add(text);
    if (level.names.size > limits.columns) throw tooWide(limits);
  }
  if (isLong) errors.add(toPointer(levels), `expected at most ${most} characters, got ${length}`);
  return end + 1;
}

/** If the model reads free text, values have a longer limit than names. */
function mostCharacters(level: Level | undefined, { stringLength, textLength = stringLength }: Limits): number {
  return level?.names && level.expectsName ? stringLength : textLength;
}

function toText(quoted: string): string {
  return quoted.includes('\\') ? (JSON.parse(quoted) as string) : quoted.slice(1, -1);
}

function tooWide({ columns }: Limits): RequestError {
  return new RequestError('InvalidInput', `Expected at most ${columns} names in an object, got more`);
}

function toPointer(levels: readonly Level[]): string {
  return levels.map((level) => toPointerStep(level.key)).join('');
}

/** The position of the quote that closes the string which opens at `start`; the text's length if none does. */
export function endOfString(json: string, start: number): number {
  let end = json.indexOf('"', start + 1);
  while (end >= 0 && isEscaped(json, end)) end = json.indexOf('"', end + 1);
  return end < 0 ? json.length : end;
}

function isEscaped(json: string, position: number): boolean {
  let backslashes = 0;
  while (json[position - 1 - backslashes] === '\\') backslashes += 1;
  return backslashes % 2 === 1;
}
