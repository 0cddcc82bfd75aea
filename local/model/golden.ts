import { join } from 'node:path';
import * as v from 'valibot';
import type { Class } from '../../functions/core/model/classes.ts';
import { type PackageFile, parse } from '../../functions/core/model/package.ts';
import type { Prediction } from '../../functions/core/model/prediction.ts';
import { isRecord } from '../../functions/core/model/value.ts';
import type { Contract } from './contract.ts';

/**
 * The content of golden.json: rows with the answers of the original, and facts of the export. These facts show whether
 * the package was edited later.
 */
export interface Golden {
  readonly sha256: string;
  /** The digests of the parts of model.json that may not be edited. */
  readonly contract: Contract;
  /** For one target: its classes, as they were exported or last sealed. */
  readonly classes?: readonly Class[] | undefined;
  /** For several targets: their classes. */
  readonly targets?: readonly { readonly name: string; readonly classes?: readonly Class[] | undefined }[] | undefined;
  readonly tolerance: number;
  readonly scale: number;
  readonly instances: readonly (readonly unknown[])[];
  readonly predictions: readonly Prediction[];
  /** The explanations of the first rows, if the package can explain. */
  readonly explanations?: GoldenExplanations | undefined;
}

export interface GoldenExplanations {
  readonly method: 'exact' | 'permutations';
  /** The number of pairs of permutations. */
  readonly permutations?: number | undefined;
  readonly rows: readonly GoldenExplanation[];
}

/**
 * The explanation of one row. The members of each record are named after the explained numbers, such as the classes.
 * Contributions are in the order of the features.
 */
export interface GoldenExplanation {
  readonly base: Readonly<Record<string, number>>;
  readonly contributions: Readonly<Record<string, readonly number[]>>;
  /** Set only if the method is `permutations`. */
  readonly standard_errors?: Readonly<Record<string, readonly number[]>> | undefined;
}

const named = v.custom<Readonly<Record<string, unknown>>>(isRecord);
const classSchema = v.union([v.string(), v.number(), v.boolean()]);
const schema = v.object({
  sha256: v.string(),
  contract: v.record(v.string(), v.string()),
  classes: v.optional(v.array(classSchema)),
  targets: v.optional(v.array(v.object({ name: v.string(), classes: v.optional(v.array(classSchema)) }))),
  tolerance: v.number(),
  scale: v.number(),
  instances: v.pipe(v.array(v.array(v.unknown())), v.minLength(1)),
  predictions: v.array(v.looseObject({})),
  explanations: v.optional(
    v.object({
      method: v.picklist(['exact', 'permutations']),
      permutations: v.optional(v.number()),
      // `named`, because valibot's record leaves out names such as constructor.
      rows: v.array(v.object({ base: named, contributions: named, standard_errors: v.optional(named) })),
    }),
  ),
});

/** Parses and checks golden.json. Throws ModelPackageError if it is wrong. */
export function readGolden(folder: string, { bytes }: PackageFile): Golden {
  return parse(join(folder, 'golden.json'), bytes, (document) => {
    const { success, output, issues = [] } = v.safeParse(schema, document);
    const problems = issues.map((issue) => `${v.getDotPath(issue) ?? 'document'}: ${issue.message}`);
    if (!success) throw new Error(`${problems.join('; ')}; export the model again`);
    if (output.instances.length === output.predictions.length) return output as unknown as Golden;
    throw new Error(`has ${output.instances.length} rows and ${output.predictions.length} predictions`);
  });
}
