import { join } from 'node:path';
import * as v from 'valibot';
import type { Class } from '../../functions/core/model/classes.ts';
import { type PackageFile, parse } from '../../functions/core/model/package.ts';
import type { Prediction } from '../../functions/core/model/prediction.ts';
import { isRecord } from '../../functions/core/model/value.ts';
import type { Contract } from './contract.ts';

/** golden.json: rows with the original's answers, and what else of the export can be told from a package that was edited. */
export interface Golden {
  readonly sha256: string;
  /** The digests of what in model.json an edit may not change. */
  readonly contract: Contract;
  /** As they were exported, or sealed last; of a classifier. */
  readonly classes?: readonly Class[] | undefined;
  /** The same, of several targets. */
  readonly targets?: readonly { readonly name: string; readonly classes?: readonly Class[] | undefined }[] | undefined;
  readonly tolerance: number;
  readonly scale: number;
  readonly instances: readonly (readonly unknown[])[];
  readonly predictions: readonly Prediction[];
  /** Of the first rows, where the package has what explains them. */
  readonly explanations?: GoldenExplanations | undefined;
}

export interface GoldenExplanations {
  readonly method: 'exact' | 'permutations';
  /** How many pairs. */
  readonly permutations?: number | undefined;
  readonly rows: readonly GoldenExplanation[];
}

/** By the name of the number; contributions by the position of the feature. */
export interface GoldenExplanation {
  readonly base: Readonly<Record<string, number>>;
  readonly contributions: Readonly<Record<string, readonly number[]>>;
  /** Of permutations. */
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
      // valibot's record leaves out names such as constructor.
      rows: v.array(v.object({ base: named, contributions: named, standard_errors: v.optional(named) })),
    }),
  ),
});

/** Throws ModelPackageError. */
export function readGolden(folder: string, { bytes }: PackageFile): Golden {
  return parse(join(folder, 'golden.json'), bytes, (document) => {
    const { success, output, issues = [] } = v.safeParse(schema, document);
    const problems = issues.map((issue) => `${v.getDotPath(issue) ?? 'document'}: ${issue.message}`);
    if (!success) throw new Error(`${problems.join('; ')}; export the model again`);
    if (output.instances.length === output.predictions.length) return output as unknown as Golden;
    throw new Error(`has ${output.instances.length} rows and ${output.predictions.length} predictions`);
  });
}
