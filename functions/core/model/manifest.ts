import * as v from 'valibot';
import { inconsistency } from './consistency.ts';
import { analyzersOf, feedsOf, isText } from './inputs.ts';
import { ofOneTarget, ofTargets } from './manifest-schema.ts';
import { isRecord } from './value.ts';

/**
 * model.json: the contract between the export and this service. models/model.schema.json says the same for others, and
 * a test holds the two together.
 */
export type Manifest = v.InferOutput<typeof ofOneTarget> | v.InferOutput<typeof ofTargets>;
export type Feature = Manifest['features'][number];
/** The values that a feature has, rather than a range of them. */
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

/** Whether each feature has an input of its own; else one input holds all of them. */
export function hasInputEach(manifest: Manifest): boolean {
  return feedsOf(manifest).length === manifest.features.length;
}

/** The analyzers of a text are for the page's readers: no code of the page looks into them. */
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

/** What anybody may know of the model: all but where its files lie, and which words of a text it leaves out. */
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

/** Stop words can be hundreds, so their number is told; an analyzer's input is nobody's but the model's. */
function toPublicFeature(feature: Feature): PublicFeature {
  if (!isText(feature)) return feature;
  const analyzers = analyzersOf(feature).map(({ input: _input, stop_words, ...analyzer }) => {
    return { ...analyzer, stop_words: stop_words?.length ?? null };
  });
  return { ...feature, analyzers } as PublicFeature;
}

/** Where the values of a feature are: `data[offset + row * stride]` of the tensor of an input. */
export interface Place {
  /** The index of the input. */
  readonly input: number;
  readonly offset: number;
  readonly stride: number;
}

/** The place of each feature. */
export function toPlaces(manifest: Manifest): readonly Place[] {
  const { features } = manifest;
  const isMatrix = !hasInputEach(manifest);
  return features.map((_, index) =>
    isMatrix ? { input: 0, offset: index, stride: features.length } : { input: index, offset: 0, stride: 1 },
  );
}
