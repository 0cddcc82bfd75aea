import { RequestError } from '../errors.ts';
import type { Limits } from '../limits.ts';
import { checkJson, checkStructure } from './check.ts';
import { toPlace } from './place.ts';
import { hideSpecials, putNaN } from './specials.ts';

/** Said of a body that does not even begin like JSON, where the route reads CSV too. */
export const csvAdvice = '; if it is CSV, send the header content-type: text/csv';

/** Arrays and objects that take little memory however they stand in each other. */
const harmless = 65_536;

/**
 * JSON of RFC 8259 without what parsers disagree on, and the NaN and Infinity that Python writes into it. Throws
 * MalformedBody, or InvalidInput for what is too deep or long.
 */
export function parseJson(text: string, limits: Limits, advice = ''): unknown {
  // A byte order mark is no JSON, and some tools write one.
  const json = text.startsWith('\uFEFF') ? text.slice(1) : text;
  // Before it is parsed: a document of millions of arrays takes more memory than the function has.
  if (json.length > harmless && count(json, '[') + count(json, '{') > harmless) checkStructure(json, limits);
  try {
    const document: unknown = JSON.parse(json);
    if (countNames(document, 1, limits) !== count(json, ':')) checkJson(json, limits);
    return document;
  } catch (cause) {
    if (cause instanceof RequestError) throw cause;
    return parseSpecials(json, limits, advice, cause);
  }
}

/** What is no JSON for its NaN or Infinity alone. */
function parseSpecials(json: string, limits: Limits, advice: string, cause: unknown): unknown {
  const plain = hideSpecials(json);
  if (plain === json) throw malformed(json, advice, cause);
  const document = parsePlain(plain, advice);
  // A number alone is no request in any protocol.
  if (typeof document === 'number') throw malformed(json, advice, cause);
  checkJson(json, limits, (path) => putNaN(document, path));
  return document;
}

function parsePlain(plain: string, advice: string): unknown {
  try {
    return JSON.parse(plain);
  } catch (cause) {
    throw malformed(plain, advice, cause);
  }
}

function malformed(json: string, advice: string, cause: unknown): RequestError {
  const problem = json.trim() ? `not${toPlace(json, cause)}` : 'empty';
  const more = /^\s*([[{"]|$)/.test(json) ? '' : advice;
  return new RequestError('MalformedBody', `Expected the body to be JSON, and it is ${problem}${more}`, { cause });
}

/**
 * The names in a document, which are as many as colons where none repeats and no string holds a colon: so a usual body
 * needs no second reading of its text, which would take several times as long as the first. NaN where a limit is passed.
 */
function countNames(value: unknown, level: number, limits: Limits): number {
  if (typeof value === 'string') return value.length > (limits.textLength ?? limits.stringLength) ? Number.NaN : 0;
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

function count(json: string, character: string): number {
  let found = 0;
  for (let at = json.indexOf(character); at >= 0; at = json.indexOf(character, at + 1)) found += 1;
  return found;
}
