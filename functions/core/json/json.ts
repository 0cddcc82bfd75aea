import { RequestError } from '../errors.ts';
import type { Limits } from '../limits.ts';
import { checkJson, checkStructure } from './check.ts';
import { toPlace } from './place.ts';
import { hideSpecials, putNaN } from './specials.ts';

/** Added to the error if a body does not begin like JSON and the route also reads CSV. */
export const csvAdvice = '; if it is CSV, send the header content-type: text/csv';

/** A document with at most this many arrays and objects needs little memory, however they are nested. */
const harmless = 65_536;

/**
 * Parses JSON (RFC 8259), and the NaN and Infinity that Python writes into it. Refuses names that repeat in an object,
 * on which parsers disagree. Throws MalformedBody, or InvalidInput or PayloadTooLarge for what exceeds a limit.
 */
export function parseJson(text: string, limits: Limits, advice = ''): unknown {
  // JSON does not allow a byte order mark, but some tools write one.
  const json = text.startsWith('\uFEFF') ? text.slice(1) : text;
  // This check must come before JSON.parse: a document of millions of arrays takes more memory than the function has.
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

/** Parses a text that may be valid JSON except for NaN and Infinity. */
function parseSpecials(json: string, limits: Limits, advice: string, cause: unknown): unknown {
  const plain = hideSpecials(json);
  if (plain === json) throw malformed(json, advice, cause);
  const document = parsePlain(plain, advice);
  // No protocol takes a single number as a request.
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
  const problem = json.trim() ? `invalid${toPlace(json, cause)}` : 'empty';
  const more = /^\s*([[{"]|$)/.test(json) ? '' : advice;
  return new RequestError('MalformedBody', `Expected the body to be JSON, but it is ${problem}${more}`, { cause });
}

/**
 * Counts the names in a parsed document. Its text has as many colons if no name repeats and no string holds a colon, as
 * in most bodies. Such a text is not scanned, which would take several times as long as JSON.parse. Returns NaN if a
 * limit is exceeded.
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
    // Most values are numbers, which hold no names.
    if (typeof value !== 'number') count += countNames(value, level + 1, limits);
  }
  return count;
}

function count(json: string, character: string): number {
  let found = 0;
  for (let at = json.indexOf(character); at >= 0; at = json.indexOf(character, at + 1)) found += 1;
  return found;
}
