import { toDigest } from '../functions/predict/model/digests.ts';
import type { Manifest } from '../functions/predict/model/manifest.ts';
import { isRecord } from '../functions/predict/model/value.ts';

/** What a person may edit: nothing that the model is asked, or answers, follows from it. Classes are names of positions. */
const editable = new Set(['$schema', 'version', 'description', 'classes', 'examples']);

/** The SHA-256 of what in model.json an edit may not change: all but the above, and the units of features and target. */
export function toContract(manifest: Manifest): string {
  const bound = Object.entries({
    ...manifest,
    features: manifest.features.map(withoutUnit),
    target: withoutUnit(manifest.target),
  }).filter(([key]) => !editable.has(key));
  return toDigest(Buffer.from(toCanonicalJson(Object.fromEntries(bound))));
}

function withoutUnit({ unit: _unit, ...described }: { readonly unit: string | null }): object {
  return described;
}

/** The fields that the digest covers. */
export function boundFields(manifest: Manifest): string[] {
  return Object.keys(manifest).filter((key) => !editable.has(key));
}

/** Keys sorted, no spaces: the export writes the same text of the same document, in Python. */
export function toCanonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(toCanonicalJson).join(',')}]`;
  if (!isRecord(value)) return JSON.stringify(value);
  const members = Object.keys(value).sort();
  return `{${members.map((key) => `${JSON.stringify(key)}:${toCanonicalJson(value[key])}`).join(',')}}`;
}
