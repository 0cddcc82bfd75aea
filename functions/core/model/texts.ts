import type { Limits } from '../limits.ts';
import { stripAccents } from '../text/accents.ts';
import { problemWithCharacters } from '../text/characters.ts';
import { findLongest } from '../text/size.ts';
import { type Analyzer, analyzersOf, isText } from './inputs.ts';
import type { Feature, Manifest } from './manifest.ts';
import { problemWith } from './value.ts';

/** Why a value is no text that can be analysed, or undefined where it is. Never quotes it. */
export type TextCheck = (value: unknown) => string | undefined;

/** Characters of a decomposition at most. */
const mostDecomposed = 18;

/** Undefined where the feature is no free text. */
export function createTextCheck(feature: Feature): TextCheck | undefined {
  const analyzers = analyzersOf(feature);
  if (analyzers.length === 0) return undefined;
  const longest = findLongest(analyzers);
  return (value) =>
    problemWith(value, 'string', { stringLength: longest }) ??
    problemWithCharacters(value as string) ??
    problemWithGrowth(value as string, analyzers, longest);
}

/** A character without its accent can be several. */
function problemWithGrowth(text: string, analyzers: readonly Analyzer[], longest: number): string | undefined {
  if (text.length * mostDecomposed <= longest) return undefined;
  const lengths = analyzers.map(({ accents }) => (accents === null ? text : stripAccents(text, accents)).length);
  const most = Math.max(...lengths);
  return most <= longest ? undefined : `expected at most ${longest} characters, got ${most} without their accents`;
}

/** A text may be as long as a body: what its terms take bounds it, and not the length of a category. */
export function limitsFor({ features }: Manifest, limits: Limits): Limits {
  return features.some(isText) ? { ...limits, textLength: limits.bodyBytes } : limits;
}
