import { toDigest } from '../functions/core/model/digests.ts';
import type { Manifest } from '../functions/core/model/manifest.ts';
import { isRecord } from '../functions/core/model/value.ts';

/** What a person may edit: nothing that the model is asked, or answers, follows from it. Classes are names of positions. */
const editable = new Set(['$schema', 'version', 'description', 'classes', 'examples']);

/** The SHA-256 of parts of model.json, by the names of the parts. */
export type Contract = Readonly<Record<string, string>>;

/**
 * The digest of each part of model.json that an edit may not change: all but the above, and the units of features and target.
 * Each feature is a part, so that `check` can say which one differs.
 */
export function toContract({ features, target, ...others }: Manifest): Contract {
  const parts = [
    ...Object.entries(others).filter(([key]) => !editable.has(key)),
    ['target', withoutUnit(target)] as const,
    ...features.map((feature, index) => [`features/${index}`, withoutUnit(feature)] as const),
  ];
  return Object.fromEntries(parts.map(([part, value]) => [part, toDigest(Buffer.from(toCanonicalJson(value)))]));
}

function withoutUnit({ unit: _unit, ...described }: { readonly unit: string | null }): object {
  return described;
}

/** Keys sorted, no spaces: the export writes the same text of the same document, in Python. */
export function toCanonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(toCanonicalJson).join(',')}]`;
  if (!isRecord(value)) return JSON.stringify(value);
  const members = Object.keys(value).sort();
  return `{${members.map((key) => `${JSON.stringify(key)}:${toCanonicalJson(value[key])}`).join(',')}}`;
}
