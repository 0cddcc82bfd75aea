import { endOfString, type Path } from './check.ts';

/**
 * Replaces each NaN and Infinity outside of strings by a number of the same length, so that positions in later error
 * messages stay right. 1e999 parses as Infinity; `putNaN` puts the NaN back.
 */
export function hideSpecials(json: string): string {
  const parts: string[] = [];
  let done = 0;
  const tokens = /"|NaN|-?Infinity/g;
  for (let token = tokens.exec(json); token; token = tokens.exec(json)) {
    const [special] = token;
    if (special === '"') tokens.lastIndex = endOfString(json, token.index) + 1;
    else {
      parts.push(json.slice(done, token.index), hidden[special] as string);
      done = tokens.lastIndex;
    }
  }
  return parts.length === 0 ? json : parts.join('') + json.slice(done);
}

/** The spaces keep a replaced word apart from its neighbours: `5NaN` must stay invalid. */
const hidden: Readonly<Record<string, string>> = { NaN: ' 0 ', Infinity: ' 1e999  ', '-Infinity': ' -1e999  ' };

/** Sets the value at `path` to NaN. Does nothing if a repeated name has hidden the path. */
export function putNaN(document: unknown, path: Path): void {
  let value = document;
  for (const [index, { key }] of path.entries()) {
    // Not `in`, which would also follow properties that all objects inherit.
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return;
    const holder = value as Record<string | number, unknown>;
    if (index === path.length - 1) holder[key] = Number.NaN;
    value = holder[key];
  }
}
