import type { PublicManifest } from '../core/model/manifest.ts';

export type { Prediction } from '../core/model/prediction.ts';
export type { PublicManifest };
export type Feature = PublicManifest['features'][number];

/** A model whose answer to a row is one of its classes. */
export type Labeller = Extract<PublicManifest, { classes: unknown }>;

/** The value of a feature in a row. null stands for a missing value. */
export type Value = string | number | boolean | null;
export type Row = readonly Value[];

/** A feature of numbers or booleans. Numbers may have categories (see `isNumber`). */
export type NumericFeature = Extract<Feature, { dtype: 'float32' | 'float64' | 'int64' | 'bool' }>;

/** A feature whose values are times. */
export type TimeFeature = Extract<Feature, { dtype: 'timestamp' }>;

/** A feature of numbers. `isNumber` accepts it only if it has no categories. */
export type NumberFeature = NumericFeature & { readonly dtype: 'float32' | 'float64' | 'int64' };

/** A number feature whose training range is known. */
export type RangedFeature = NumberFeature & {
  readonly baseline: NonNullable<NumericFeature['baseline']>;
};

export function isNumber(feature: Feature): feature is NumberFeature {
  const { dtype, categories } = feature;
  return dtype !== 'string' && dtype !== 'bool' && dtype !== 'timestamp' && categories === null;
}

export function isTime(feature: Feature): feature is TimeFeature {
  return feature.dtype === 'timestamp';
}

export function isRanged(feature: Feature): feature is RangedFeature {
  return isNumber(feature) && feature.baseline !== null;
}

/** Whether a feature is free text, whose words or characters the model counts. */
export function isText(feature: Feature): boolean {
  return 'analyzers' in feature && feature.analyzers !== undefined;
}

/** Writes a column's name as words. */
export function toWords(name: string): string {
  return name.replaceAll('_', ' ').trim() || name;
}

/** Adds the unit to a number: `5.1 cm`. An empty unit adds nothing. */
export function withUnit(text: string, unit: string | null): string {
  return unit ? `${text} ${unit}` : text;
}
