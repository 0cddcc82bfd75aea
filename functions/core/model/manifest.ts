import * as v from 'valibot';
import { inconsistency } from './consistency.ts';
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
export function hasInputEach({ inputs, features }: Manifest): boolean {
  return inputs.length === features.length;
}

type PublicPart<M> = M extends unknown ? Omit<M, '$schema' | 'file'> : never;

/** What anybody may know of the model: all but where its files lie. */
export type PublicManifest = PublicPart<Manifest>;

export function toPublicManifest({ $schema: _schema, file: _file, ...manifest }: Manifest): PublicManifest {
  return manifest;
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
