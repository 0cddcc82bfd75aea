import * as v from 'valibot';
import { inconsistency } from './consistency.ts';
import { analyzersOf, feedsOf, isText } from './inputs.ts';
import { ofOneTarget, ofTargets } from './manifest-schema.ts';
import { isRecord } from './value.ts';

/**
 * model.json: the contract between the Python export and this service. models/model.schema.json describes the same as a
 * JSON Schema, and a test compares the two.
 */
export type Manifest = v.InferOutput<typeof ofOneTarget> | v.InferOutput<typeof ofTargets>;
export type Feature = Manifest['features'][number];
/** The known values of a categorical feature. */
export type Categories = NonNullable<Feature['categories']>;

/** Throws an Error whose message lists everything that is wrong, by path. */
export function parseManifest(document: unknown): Manifest {
  const hasTargets = isRecord(document) && Object.hasOwn(document, 'targets');
  const result = v.safeParse(hasTargets ? ofTargets : ofOneTarget, document);
  if (!result.success) {
    throw new Error(result.issues.map((issue) => `${v.getDotPath(issue) ?? 'document'}: ${issue.message}`).join('; '));
  }
  const problem = inconsistency(result.output);
  if (problem) throw new Error(problem);
  return result.output;
}

/** Whether each feature has its own input. Otherwise one input holds all features. */
export function hasInputEach(manifest: Manifest): boolean {
  return feedsOf(manifest).length === manifest.features.length;
}

/** The playground page only shows the analyzers of a text, so their type is not needed there. */
type PublicFeature = Feature extends infer F
  ? F extends { dtype: 'string' }
    ? Omit<F, 'analyzers'> & { readonly analyzers?: readonly object[] | undefined }
    : F
  : never;
type PublicPart<M> = M extends unknown
  ? Omit<M, '$schema' | 'file' | 'features' | 'explanations'> & {
      readonly features: readonly PublicFeature[];
      readonly explanations?: Omit<NonNullable<Manifest['explanations']>, 'file'> | undefined;
    }
  : never;

/**
 * The part of model.json that is published: all but `$schema`, file names, and of each analyzer its input and the list
 * of its stop words.
 */
export type PublicManifest = PublicPart<Manifest>;

export function toPublicManifest({ $schema: _schema, file: _file, ...manifest }: Manifest): PublicManifest {
  const { features, explanations } = manifest;
  return {
    ...manifest,
    ...(features.some(isText) && { features: features.map(toPublicFeature) }),
    ...(explanations && { explanations: toPublicExplanations(explanations) }),
  };
}

function toPublicExplanations({ file: _file, ...explanations }: NonNullable<Manifest['explanations']>) {
  return explanations;
}

/**
 * Replaces the stop words, of which there can be hundreds, by their number, and leaves out the name of the analyzer's
 * input.
 */
function toPublicFeature(feature: Feature): PublicFeature {
  if (!isText(feature)) return feature;
  const analyzers = analyzersOf(feature).map(({ input: _input, stop_words, ...analyzer }) => {
    return { ...analyzer, stop_words: stop_words?.length ?? null };
  });
  return { ...feature, analyzers } as PublicFeature;
}

/** Where the value of a feature is: `data[offset + row * stride]` in the tensor of input number `input`. */
export interface Place {
  /** The index of the input. */
  readonly input: number;
  readonly offset: number;
  readonly stride: number;
}

export function toPlaces(manifest: Manifest): readonly Place[] {
  const { features } = manifest;
  const isMatrix = !hasInputEach(manifest);
  return features.map((_, index) =>
    isMatrix ? { input: 0, offset: index, stride: features.length } : { input: index, offset: 0, stride: 1 },
  );
}
