import type { DecodedArray } from 'hyparquet';
import type { Page } from './pages.ts';

/** One value per row; undefined for a missing one. */
export type Values = ArrayLike<unknown>;

/** Converts stored values one by one, and keeps their order. A dictionary is converted once for all rows. */
export type Convert = (stored: DecodedArray) => Values;

/** Reads a column forward, some rows at a time. */
export interface Cursor {
  /** Returns the next `rows` rows, once for each conversion. Throws if fewer are left. */
  take(rows: number): Promise<readonly Values[]>;
}

export function createCursor(pages: AsyncIterator<Page>, converts: readonly Convert[]): Cursor {
  const spreads = converts.map(createSpread);
  let held: readonly Values[] = [];
  let [at, end] = [0, 0];

  const turn = async () => {
    const { value, done } = await pages.next();
    if (done) throw new Error('rows are missing');
    held = spreads.map((spread) => spread(value));
    [at, end] = [0, value.rows];
  };

  /** Takes at most `rows` rows from the current page. */
  const takeHeld = (rows: number): readonly Values[] => {
    const start = at;
    at = Math.min(end, start + rows);
    return held.map((values) => slice(values, start, at));
  };

  return {
    async take(rows) {
      const pieces: (readonly Values[])[] = [];
      for (let left = rows; left > 0; ) {
        if (at === end) await turn();
        const before = at;
        pieces.push(takeHeld(left));
        left -= at - before;
      }
      return pieces.length === 1 ? (pieces[0] ?? []) : converts.map((_, index) => join(pieces, index));
    },
  };
}

/** Joins rows that come from several pages. */
function join(pieces: readonly (readonly Values[])[], index: number): Values {
  const parts = pieces.map((piece) => piece[index] as Values);
  const [first] = parts as [Values];
  if (Array.isArray(first) || parts.some((part) => part.constructor !== first.constructor)) {
    return ([] as unknown[]).concat(...parts.map((part) => (Array.isArray(part) ? part : Array.from(part))));
  }
  const joined = newLike(
    first,
    parts.reduce((length, part) => length + part.length, 0),
  );
  let at = 0;
  for (const part of parts) {
    (joined as Float64Array).set(part as Float64Array, at);
    at += part.length;
  }
  return joined;
}

/** Creates an array, or typed array, of the same type. */
function newLike(values: Values, length: number): Values {
  return new (values.constructor as new (length: number) => Values)(length);
}

function slice(values: Values, start: number, end: number): Values {
  return Array.isArray(values) ? values.slice(start, end) : (values as Float64Array).subarray(start, end);
}

/** Creates a function that expands a page to one value per row. */
function createSpread(convert: Convert): (page: Page) => Values {
  let last: { readonly dictionary: DecodedArray; readonly values: Values } | undefined;
  const convertDictionary = (dictionary: DecodedArray) => {
    if (last?.dictionary !== dictionary) last = { dictionary, values: convert(dictionary) };
    return last.values;
  };
  return ({ rows, values, dictionary, levels }) => {
    const known = dictionary ? pick(convertDictionary(dictionary), values as ArrayLike<number>) : convert(values);
    return levels ? withGaps(known, levels, rows) : known;
  };
}

function pick(dictionary: Values, positions: ArrayLike<number>): Values {
  const { length } = positions;
  const picked = newLike(dictionary, length) as unknown[];
  for (let index = 0; index < length; index += 1) {
    const position = positions[index] as number;
    if (position >= dictionary.length) throw new Error('a position beyond the dictionary');
    picked[index] = dictionary[position];
  }
  return picked;
}

function withGaps(values: Values, levels: Int32Array, rows: number): Values {
  const spread = new Array<unknown>(rows);
  let next = 0;
  for (let row = 0; row < rows; row += 1) {
    if (levels[row] !== 1) continue;
    spread[row] = values[next];
    next += 1;
  }
  return spread;
}
