import type { Manifest } from '../model/manifest.ts';
import { toExplained } from './explained.ts';
import type { ExplainOptions, Explanations } from './explanations.ts';
import { longestText } from './reasons.ts';

/**
 * Makes the longest explanations that rows of this model can have. The largest size of an answer is computed from them.
 * `number` is a number with the most characters. Throws InvalidInput if the model cannot be explained.
 */
export function toLongestExplanations(
  rows: number,
  number: number,
  { numbers, budget }: ExplainOptions,
  manifest: Manifest,
): Explanations {
  const { features } = manifest;
  const { output, methodFor } = toExplained(manifest);
  const method = methodFor({ numbers, budget });
  const contributions = new Float64Array(rows * output.columns.length * features.length).fill(number);
  const base = new Float64Array(output.columns.length).fill(number);
  const targets = 'targets' in manifest ? manifest.targets.map(({ name }) => `${name}: `) : [''];
  // The longest number is one of 21 digits: JavaScript writes larger ones with a power of ten.
  // JSON writes this character as six, the most that it needs for one character.
  // A reason cuts a text after `longestText` characters and adds an ellipsis.
  const value = `${'\u0001'.repeat(longestText)}…`;
  const reasons = targets.flatMap((prefix) =>
    features.map(({ name, unit }) => `${prefix}${name} = ${value}${unit ? ` ${unit}` : ''}: +123000000000000000000`),
  );
  return {
    ...{ method, numbers, output, base, contributions, reasonsOf: () => reasons },
    ...(method.name === 'permutations' && { standardErrors: contributions }),
  };
}
