import type { Feature, PublicManifest } from '../core/model/manifest.ts';

export type { Prediction } from '../core/model/prediction.ts';
export type { Feature, PublicManifest };

export type Classifier = Extract<PublicManifest, { task: 'classification' }>;
export type Regressor = Extract<PublicManifest, { task: 'regression' }>;

/** What a feature can be in a row. */
export type Value = string | number | boolean | null;
export type Row = readonly Value[];

/** A feature that has a range rather than categories. */
export type NumericFeature = Extract<Feature, { dtype: 'float32' | 'float64' | 'int64' | 'bool' }>;

/** A feature that is any number of a range. */
export type RangedFeature = NumericFeature & { readonly dtype: 'float32' | 'float64' | 'int64' };

export function isRanged(feature: Feature): feature is RangedFeature {
  return feature.dtype !== 'string' && feature.dtype !== 'bool' && feature.categories === null;
}

/** A name of a column as words. */
export function toWords(name: string): string {
  return name.replaceAll('_', ' ').trim() || name;
}

/** `5.1 cm`; a unit that stands for nothing is left out. */
export function withUnit(text: string, unit: string | null): string {
  return unit ? `${text} ${unit}` : text;
}
