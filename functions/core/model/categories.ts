import { onceFor } from '../once-for.ts';
import type { Feature } from './manifest.ts';
import { toModelValue } from './value.ts';

const maxListed = 10;
const maxListLength = 200;

/**
 * Says why a value is refused: the model takes only the categories of this feature, or the text was decoded wrongly.
 * Undefined if the value is fine. Never quotes the value, because errors are logged.
 */
export function problemWithCategory(value: string | number | boolean, feature: Feature): string | undefined {
  const isRejected = feature.categories?.unknown === 'rejected';
  // Most values need no look-up among the categories.
  if (!isRejected && !isGarbled(value)) return undefined;
  const { values, expectation } = toKnown(feature);
  if (values.has(toModelValue(value, feature.dtype))) return undefined;
  if (!isRejected) return 'expected a string of characters, got U+FFFD, which replaces bytes that could not be decoded';
  return typeof value === 'string' && toFolded(values).has(fold(value))
    ? `${expectation}; it differs from one only in case or in spaces at its ends`
    : expectation;
}

/** Whether the client decoded its data wrongly before it sent it. Its JSON is valid then, but holds U+FFFD. */
function isGarbled(value: string | number | boolean): boolean {
  return typeof value === 'string' && value.includes('\uFFFD');
}

/** A value without case and without spaces at its ends. */
function fold(value: string | number): string {
  return String(value).trim().toLowerCase();
}

const toFolded = onceFor((values: Known['values']): ReadonlySet<string> => new Set(Array.from(values, fold)));

/** The values to look a category up in, and the message for a value that is not among them. */
interface Known {
  readonly values: ReadonlySet<string | number>;
  readonly expectation: string;
}

/** Made once per feature: there can be thousands of categories. */
const toKnown = onceFor(({ categories, dtype }: Feature): Known => {
  if (!categories) return { values: new Set(), expectation: '' };
  const values = new Set(categories.values.map((value) => toModelValue(value, dtype)));
  return { values, expectation: `expected one of ${listValues(categories)}` };
});

/** Lists the first categories, as many as fit into a message, and how many there are. */
export function listValues({ values }: NonNullable<Feature['categories']>): string {
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
