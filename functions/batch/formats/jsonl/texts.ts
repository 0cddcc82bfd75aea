import { endOfString } from '../../../core/json/check.ts';

/** `[` differs from `{`, and `]` from `}`, only in this bit. */
const bit = 0x20;
const [opening, closing] = [0x7b, 0x7d];
const [quote, comma] = [0x22, 0x2c];

/**
 * Calls `take` with the JSON text of each member of an object (by name) or element of an array (by position). `json`
 * must be an object or an array, and valid except for NaN and Infinity.
 */
export function readTexts(json: string, take: (key: string | number, text: string) => void): void {
  let at = skipSpace(json, 0);
  const isObject = json.charCodeAt(at) === opening;
  at = skipSpace(json, at + 1);
  for (let position = 0; at < json.length && !isClosing(json, at); position += 1) {
    let key: string | number = position;
    if (isObject) {
      const end = endOfString(json, at) + 1;
      key = toName(json.slice(at, end));
      at = skipSpace(json, json.indexOf(':', end) + 1);
    }
    const end = endOfValue(json, at);
    take(key, json.slice(at, end));
    at = skipSpace(json, end);
    if (json.charCodeAt(at) === comma) at = skipSpace(json, at + 1);
  }
}

function toName(quoted: string): string {
  return quoted.includes('\\') ? (JSON.parse(quoted) as string) : quoted.slice(1, -1);
}

function endOfValue(json: string, start: number): number {
  if (isOpening(json, start)) return endOfNested(json, start);
  if (json.charCodeAt(start) === quote) return endOfString(json, start) + 1;
  let end = start;
  while (end < json.length && !isEnd(json, end)) end += 1;
  return end;
}

function endOfNested(json: string, start: number): number {
  let level = 0;
  for (let at = start; at < json.length; at += 1) {
    if (json.charCodeAt(at) === quote) at = endOfString(json, at);
    else if (isOpening(json, at)) level += 1;
    else if (isClosing(json, at)) level -= 1;
    if (level === 0) return at + 1;
  }
  return json.length;
}

function isOpening(json: string, at: number): boolean {
  return (json.charCodeAt(at) | bit) === opening;
}

function isClosing(json: string, at: number): boolean {
  return (json.charCodeAt(at) | bit) === closing;
}

function isEnd(json: string, at: number): boolean {
  return json.charCodeAt(at) === comma || isClosing(json, at) || isSpace(json.charCodeAt(at));
}

function skipSpace(json: string, start: number): number {
  let at = start;
  while (at < json.length && isSpace(json.charCodeAt(at))) at += 1;
  return at;
}

function isSpace(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d) || code === 0xfeff;
}
