import { isRecord } from '../../functions/core/model/value.ts';
import type { Place } from './schema-paths.ts';

/** Yields edits that a person or a tool may make to one value of a document. Undefined stands for a removed value. */
export function* editsOf(value: unknown): Generator<[name: string, edited: unknown]> {
  yield ['removed', undefined];
  for (const other of [null, 'other', 7, {}]) yield [`made ${JSON.stringify(other)}`, other];
  if (typeof value === 'string') yield* editsOfString(value);
  if (typeof value === 'number') yield* editsOfNumber(value);
  if (typeof value === 'boolean') yield ['turned', !value];
  if (Array.isArray(value)) yield* editsOfArray(value);
  else if (isRecord(value)) yield* editsOfObject(value);
}

function* editsOfString(value: string): Generator<[string, unknown]> {
  yield ['made longer', `${value}x`];
  yield ['made empty', ''];
  yield ['made a path', `../${value}`];
  // A Cyrillic letter in place of a Latin one that looks the same.
  yield ['spelled otherwise', value.replace(/[aeo]/, (letter) => ({ a: 'а', e: 'е', o: 'о' })[letter] ?? letter)];
  if (words.includes(value)) for (const word of words) yield [`made ${word}`, word];
}

/** Some of the words that fields of model.json accept. No field accepts all of them. */
const words = ['accepted', 'rejected', 'float32', 'float64', 'int64', 'bool', 'string', 'classification', 'regression'];

function* editsOfNumber(value: number): Generator<[string, unknown]> {
  for (const other of [value + 1, -value - 0.5, value / 2, 0, 1, 1e6]) {
    yield [`made ${other}`, other];
  }
  yield ['made text', String(value)];
}

function* editsOfArray(value: readonly unknown[]): Generator<[string, unknown]> {
  const [first, second, ...others] = value;
  yield ['in reverse', value.toReversed()];
  if (value.length > 1) yield ['with the first two swapped', [second, first, ...others]];
  yield ['without the first', value.slice(1)];
  yield ['without the last', value.slice(0, -1)];
  yield ['with the first twice', [first, ...value]];
  yield ['with the last twice', [...value, value.at(-1)]];
  yield ['with one more', [...value, null]];
}

function* editsOfObject(value: Readonly<Record<string, unknown>>): Generator<[string, unknown]> {
  yield ['with a key more', { ...value, extra: 1 }];
  for (const key of Object.keys(value)) {
    const { [key]: moved, ...others } = value;
    yield [`with ${key} called otherwise`, { ...others, [`${key}_`]: moved }];
    // An object cannot have a key twice, so the copy of the key has a mark, which `toText` removes.
    yield [`with ${key} once more`, { [`${repeated}${key}`]: 'before', ...value }];
  }
  yield ['with its keys in reverse', Object.fromEntries(Object.entries(value).reverse())];
}

const repeated = '\u0001again:';

/** The JSON text of an edited document, in which a name can occur twice. */
export function toText(document: unknown): string {
  return JSON.stringify(document, null, 2).replaceAll(JSON.stringify(repeated).slice(1, -1), '');
}

/** Returns a copy of a document with another value at one place, or without the place if the value is undefined. */
export function withEdit(document: unknown, [key, ...rest]: Place, value: unknown): unknown {
  if (key === undefined) return value;
  if (Array.isArray(document)) {
    const edited = withEdit(document[Number(key)], rest, value);
    return edited === undefined ? document.toSpliced(Number(key), 1) : document.with(Number(key), edited);
  }
  const entries = Object.entries(document as object).map(([name, child]) => [
    name,
    name === key ? withEdit(child, rest, value) : child,
  ]);
  return Object.fromEntries(entries.filter(([, child]) => child !== undefined));
}
