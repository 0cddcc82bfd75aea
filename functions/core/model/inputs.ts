import { onceFor } from '../once-for.ts';
import type { Feature, Manifest } from './manifest.ts';
import type { DType } from './tensor.ts';

/** How terms are made of a feature's texts, one for each vectorizer that reads it; none where it is no text. */
export type Analyzer = NonNullable<Extract<Feature, { dtype: 'string' }>['analyzers']>[number];

export function analyzersOf(feature: Feature): readonly Analyzer[] {
  return feature.dtype === 'string' ? (feature.analyzers ?? []) : [];
}

/** Whether a feature is free text, of which a vectorizer of the original makes terms. */
export function isText(feature: Feature): boolean {
  return analyzersOf(feature).length > 0;
}

/** What values are written into. */
export interface Feed {
  readonly name: string;
  readonly dtype: DType;
  readonly width: number;
}

/**
 * One [N, F] tensor for all features, or one [N, 1] tensor for each: the model's inputs, without those that hold terms. A text
 * whose terms are all that the model reads has one of its own, which the model has not: terms are made of it later.
 */
export const feedsOf = onceFor((manifest: Manifest): readonly Feed[] => {
  const { inputs, features } = manifest;
  const toFeed = ({ name, dtype, shape: [, width] }: Manifest['inputs'][number]) => ({ name, dtype, width });
  if (!features.some(isText)) return inputs.map(toFeed);
  const ofTerms = new Set(features.flatMap(analyzersOf).map(({ input }) => input));
  const plain = inputs.filter(({ name }) => !ofTerms.has(name)).map(toFeed);
  if (plain.some(({ width }) => width > 1)) return plain;
  return features.map((feature, index): Feed => {
    const own = plain.find(({ name }) => isInputOf(name, feature, index));
    return own ?? { name: feature.name, dtype: 'string', width: 1 };
  });
});

/** A graph calls an input after its feature, or by its number where that name is one of the graph's own. */
export function isInputOf(input: string, { name }: Feature, index: number): boolean {
  return input === name || input === `input ${index}`;
}
