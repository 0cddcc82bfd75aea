import type { PublicManifest } from './model.ts';

/** How much each feature matters, summed over all numbers of an answer. Empty if the package does not say. */
export function weigh({ explanations }: PublicManifest): ReadonlyMap<string, number> {
  const weights = new Map<string, number>();
  for (const byFeature of Object.values(explanations?.importance ?? {})) {
    for (const [name, weight] of Object.entries(byFeature)) weights.set(name, (weights.get(name) ?? 0) + weight);
  }
  return weights;
}
