import { onceFor } from '../once-for.ts';
import type { Feature } from './manifest.ts';
import { toModelValue } from './value.ts';

const maxListed = 10;
const maxListLength = 200;

/**
 * Why a value is no category of its feature where the model takes no others, or is none that a client can have meant. Never
 * quotes the value: errors are logged.
 */
export function problemWithCategory(value: string | number | boolean, feature: Feature): string | undefined {
  const isRejected = feature.categories?.unknown === 'rejected';
  // Most values need no look at the categories.
  if (!isRejected && !isGarbled(value)) return undefined;
  const { values, expectation } = toKnown(feature);
  if (values.has(toModelValue(value, feature.dtype))) return undefined;
  if (!isRejected) return 'expected a string of characters, got U+FFFD, which stands for what could not be decoded';
  return isNearly(value, values) ? `${expectation}; only case or spaces at its ends differ` : expectation;
}

/** A client that decodes its data wrongly escapes what it got, so the text of its body is whole. */
function isGarbled(value: string | number | boolean): boolean {
  return typeof value === 'string' && value.includes('\uFFFD');
}

/** Whether a text is a category but for its case and spaces at its ends. */
function isNearly(text: string | number | boolean, values: ReadonlySet<string | number>): boolean {
  const fold = (value: string | number) => (typeof value === 'string' ? value.trim().toLowerCase() : value);
  return typeof text === 'string' && [...values].some((value) => fold(value) === fold(text));
}

/** The categories that a value is looked for in, and what is said where it is not. */
interface Known {
  readonly values: ReadonlySet<string | number>;
  readonly expectation: string;
}

/** There can be thousands, and they stay the same. */
const toKnown = onceFor(({ categories, dtype }: Feature): Known => {
  if (!categories) return { values: new Set(), expectation: '' };
  const values = new Set(categories.values.map((value) => toModelValue(value, dtype)));
  return { values, expectation: `expected one of ${listValues(categories)}` };
});

/** The first categories, as many as a message can hold, and how many there are. */
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
