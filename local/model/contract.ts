import { toDigest } from '../../functions/core/model/digests.ts';
import type { Manifest } from '../../functions/core/model/manifest.ts';
import { isRecord } from '../../functions/core/model/value.ts';

/**
 * The members that a person may edit, because they change neither the model's inputs nor its outputs. The model outputs
 * the index of a class, and `classes` only names the indices.
 */
const editable = new Set(['$schema', 'version', 'description', 'classes', 'examples']);
/** The members of which only a part may be edited. */
const partly = new Set(['target', 'targets', 'explanations']);

/** The SHA-256 of parts of model.json, by the name of the part. */
export type Contract = Readonly<Record<string, string>>;

/**
 * Computes the digest of each part of model.json that may not be edited. The units of features and targets may be
 * edited, so they are left out. Each feature is a part of its own, so that `check` can name the one that differs.
 */
export function toContract({ features, ...others }: Manifest): Contract {
  const parts = [
    ...Object.entries(others).filter(([key]) => !editable.has(key) && !partly.has(key)),
    ...toTargetParts(others),
    ...toExplanationsPart(others),
    ...features.map((feature, index) => [`features/${index}`, withoutEdits(feature)] as const),
  ];
  return Object.fromEntries(parts.map(([part, value]) => [part, toDigest(Buffer.from(toCanonicalJson(value)))]));
}

/** The parts of the targets; none for outliers and clusters, which have no target. */
function toTargetParts(manifest: object): [string, unknown][] {
  if ('targets' in manifest) return [['targets', (manifest.targets as Named[]).map(withoutEdits)]];
  return 'target' in manifest ? [['target', withoutEdits(manifest.target as Named)]] : [];
}

/**
 * The part of the explanations. The importance is stored by class name, and class names may be edited. So the digest
 * covers only the values, in sorted order.
 */
function toExplanationsPart({ explanations }: Pick<Manifest, 'explanations'>): [string, unknown][] {
  if (!explanations) return [];
  const importance = Object.values(explanations.importance).map(toCanonicalJson).sort();
  return [['explanations', { ...explanations, importance }]];
}

interface Named {
  readonly unit: string | null;
  readonly classes?: unknown;
}

function withoutEdits({ unit: _unit, classes: _classes, ...described }: Named): object {
  return described;
}

/** Writes JSON with sorted keys and without spaces, so that the export, in Python, writes the same text. */
export function toCanonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(toCanonicalJson).join(',')}]`;
  if (!isRecord(value)) return JSON.stringify(value);
  const members = Object.keys(value).sort();
  return `{${members.map((key) => `${JSON.stringify(key)}:${toCanonicalJson(value[key])}`).join(',')}}`;
}
