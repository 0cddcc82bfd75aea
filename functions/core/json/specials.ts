import { endOfString, type Path } from './check.ts';

/**
 * Numbers in place of the NaN and Infinity outside of strings, as long as these, so that whatever else is wrong with the
 * text is found at its own place. 1e999 is read as Infinity; what was NaN is put back by `putNaN`.
 */
export function hideSpecials(json: string): string {
  const parts: string[] = [];
  let done = 0;
  const tokens = /"|NaN|-?Infinity/g;
  for (let token = tokens.exec(json); token; token = tokens.exec(json)) {
    const [special] = token;
    if (special === '"') tokens.lastIndex = endOfString(json, token.index) + 1;
    else {
      parts.push(json.slice(done, token.index), hidden[special] ?? '');
      done = tokens.lastIndex;
    }
  }
  return parts.length === 0 ? json : parts.join('') + json.slice(done);
}

/** A space at either end keeps what stands beside one apart: 5NaN is no number. */
const hidden: Readonly<Record<string, string>> = { NaN: ' 0 ', Infinity: ' 1e999  ', '-Infinity': ' -1e999  ' };

/** Puts NaN where `path` leads to within a document; nowhere where a name that repeats has hidden the way. */
export function putNaN(document: unknown, path: Path): void {
  let value = document;
  for (const [index, { key }] of path.entries()) {
    // Not `in`: the way would lead on into what all objects inherit.
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return;
    const holder = value as Record<string | number, unknown>;
    if (index === path.length - 1) holder[key] = Number.NaN;
    value = holder[key];
  }
}
