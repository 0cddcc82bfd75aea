import { toDigest } from '../../functions/core/model/digests.ts';
import type { Manifest } from '../../functions/core/model/manifest.ts';
import { isRecord } from '../../functions/core/model/value.ts';

/** What a person may edit: nothing that the model is asked, or answers, follows from it. Classes are names of positions. */
const editable = new Set(['$schema', 'version', 'description', 'classes', 'examples']);
/** Of which a part may be edited. */
const partly = new Set(['target', 'targets', 'explanations']);

/** The SHA-256 of parts of model.json, by the names of the parts. */
export type Contract = Readonly<Record<string, string>>;

/**
 * The digest of each part of model.json that an edit may not change: all but the above, and the units of features and targets.
 * Each feature is a part, so that `check` can say which one differs.
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

/** Outliers and clusters have none. */
function toTargetParts(manifest: object): [string, unknown][] {
  if ('targets' in manifest) return [['targets', (manifest.targets as Named[]).map(withoutEdits)]];
  return 'target' in manifest ? [['target', withoutEdits(manifest.target as Named)]] : [];
}

/** Classes name the importance of each number, and may be edited: so it stands in the digest without these names, sorted. */
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

/** Keys sorted, no spaces: the export writes the same text of the same document, in Python. */
export function toCanonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(toCanonicalJson).join(',')}]`;
  if (!isRecord(value)) return JSON.stringify(value);
  const members = Object.keys(value).sort();
  return `{${members.map((key) => `${JSON.stringify(key)}:${toCanonicalJson(value[key])}`).join(',')}}`;
}
