import { onceFor } from '../once-for.ts';
import type { Feature, Manifest } from './manifest.ts';
import type { DType } from './tensor.ts';

/**
 * The options of one vectorizer that reads a text feature: how it makes terms of a text. A feature that is not free
 * text has none.
 */
export type Analyzer = NonNullable<Extract<Feature, { dtype: 'string' }>['analyzers']>[number];

export function analyzersOf(feature: Feature): readonly Analyzer[] {
  return feature.dtype === 'string' ? (feature.analyzers ?? []) : [];
}

/** Whether a feature is free text, which a vectorizer of the original model splits into terms. */
export function isText(feature: Feature): boolean {
  return analyzersOf(feature).length > 0;
}

/** A tensor that rows are written into. */
export interface Feed {
  readonly name: string;
  readonly dtype: DType;
  readonly width: number;
}

/**
 * The tensors that rows are written into: one [N, F] tensor for all features, or one [N, 1] tensor for each. These are
 * the model's inputs except those for terms. If the model reads only the terms of a text, the text gets a tensor that
 * is not an input of the model, and terms are made of it later.
 */
export const feedsOf = onceFor((manifest: Manifest): readonly Feed[] => {
  const { inputs, features } = manifest;
  const toFeed = ({ name, dtype, shape: [, width] }: Manifest['inputs'][number]) => ({ name, dtype, width });
  if (!features.some(isText)) return inputs.map(toFeed);
  const ofTerms = new Set(features.flatMap(analyzersOf).map(({ input }) => input));
  const plain = inputs.filter(({ name }) => !ofTerms.has(name)).map(toFeed);
  if (plain.some(({ width }) => width > 1)) return plain;
  const byName = new Map(plain.map((feed) => [feed.name, feed]));
  return features.map(({ name }, index): Feed => {
    return byName.get(name) ?? byName.get(otherName(index)) ?? { name, dtype: 'string', width: 1 };
  });
});

/**
 * An input has the name of its feature. If another part of the graph has that name, it is called after the feature's
 * position.
 */
export function isInputOf(input: string, { name }: Feature, index: number): boolean {
  return input === name || input === otherName(index);
}

function otherName(index: number): string {
  return `input ${index}`;
}
