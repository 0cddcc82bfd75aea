import type { Categories, DType, Feature } from './manifest.ts';
import { toModelValue } from './value.ts';

const maxListed = 10;
const maxListLength = 200;

/** Why a value is no category of its feature where the model takes no others. Never quotes the value: errors are logged. */
export function problemWithCategory(
  value: string | number | boolean,
  { dtype, categories }: Feature,
): string | undefined {
  if (categories?.unknown !== 'rejected') return undefined;
  const { values, expectation } = recall(categories, dtype);
  return values.has(toModelValue(value, dtype)) ? undefined : expectation;
}

/** The categories that a value is looked for in, and what is said where it is not. */
interface Known {
  readonly values: ReadonlySet<string | number>;
  readonly expectation: string;
}

/** There can be thousands, and they stay the same. */
const known = new WeakMap<Categories, Known>();

function recall(categories: Categories, dtype: DType): Known {
  const recalled = known.get(categories);
  if (recalled) return recalled;
  const values = new Set(categories.values.map((value) => toModelValue(value, dtype)));
  const made = { values, expectation: `expected one of ${listValues(categories)}` };
  known.set(categories, made);
  return made;
}

/** The first categories, as many as a message can hold, and how many there are. */
export function listValues({ values }: Categories): string {
  const listed: string[] = [];
  let length = 0;
  for (const value of values.slice(0, maxListed)) {
    const text = JSON.stringify(value);
    length += text.length;
    if (length > maxListLength) break;
    listed.push(text);
  }
  if (listed.length < values.length) listed.push('…');
  return `${listed.join(', ')} (${values.length} ${values.length === 1 ? 'value' : 'values'})`;
}
