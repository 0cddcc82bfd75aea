import type { Limits } from '../limits.ts';
import { stripAccents } from '../text/accents.ts';
import { problemWithCharacters } from '../text/characters.ts';
import { findLongest } from '../text/size.ts';
import { type Analyzer, analyzersOf, isText } from './inputs.ts';
import type { Feature, Manifest } from './manifest.ts';
import { problemWith } from './value.ts';

/** Says why a value cannot be analysed as a text; undefined if it can. Never quotes the value. */
export type TextCheck = (value: unknown) => string | undefined;

/** The most characters that one character can be decomposed into. */
const mostDecomposed = 18;

/** Creates the check for a text feature; undefined for other features. */
export function createTextCheck(feature: Feature): TextCheck | undefined {
  const analyzers = analyzersOf(feature);
  if (analyzers.length === 0) return undefined;
  const longest = findLongest(analyzers);
  return (value) =>
    problemWith(value, 'string', { stringLength: longest }) ??
    problemWithCharacters(value as string) ??
    problemWithGrowth(value as string, analyzers, longest);
}

/** Removing accents decomposes characters, so the text can become longer. */
function problemWithGrowth(text: string, analyzers: readonly Analyzer[], longest: number): string | undefined {
  if (text.length * mostDecomposed <= longest) return undefined;
  const lengths = analyzers.map(({ accents }) => (accents === null ? text : stripAccents(text, accents)).length);
  const most = Math.max(...lengths);
  return most <= longest ? undefined : `expected at most ${longest} characters, got ${most} after accents were removed`;
}

/**
 * Raises the limit of characters for models with free text. A text may be as long as the body and its terms allow; the
 * usual limit is meant for categories.
 */
export function limitsFor({ features }: Manifest, limits: Limits): Limits {
  return features.some(isText) ? { ...limits, textLength: limits.bodyBytes } : limits;
}
