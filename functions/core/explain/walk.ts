import type { Tensors } from '../model/tensor.ts';
import { type Background, toMeans } from './background.ts';
import type { Mixer } from './mixer.ts';
import type { Steps } from './steps.ts';

/**
 * Called after each step with the feature that entered or left the coalition, and the mean answers to the new
 * coalition.
 */
export type Visit = (feature: number, entered: boolean, values: Float64Array) => void;

/**
 * Takes the steps for the row that was passed to `mixer.begin`. `differing` is what `mixer.begin` returned, and
 * `answer` the model's answer to the row.
 */
export type Walk = (
  steps: Steps,
  differing: readonly (readonly number[])[],
  answer: Float64Array,
  visit: Visit,
) => Promise<void>;

/**
 * Returns the numbers of the model's answers to mixed rows. `steps` is how many steps (see countSteps in method.ts) are
 * done with these answers.
 */
export type Ask = (rows: Tensors, steps: number) => Promise<Float64Array>;

interface Taken {
  readonly feature: number;
  readonly entered: boolean;
  /** Features in the coalition. */
  readonly size: number;
  /**
   * The rows of the background whose mixed rows the step has changed. Empty if the answers to the new coalition are
   * known.
   */
  readonly changed: readonly number[];
}

/**
 * Walks through coalitions, and asks for the answers of many mixed rows at once. A step changes one feature. If a row
 * of the background has the explained row's value of that feature, its mixed row stays the same and is not asked again.
 * The answers to the empty coalition and to that of all features are known.
 */
export function createWalk(features: number, background: Background, mixer: Mixer, ask: Ask): Walk {
  return async (steps, differing, answer, visit) => {
    const take = createCoalition(differing, mixer);
    const update = createMeans(features, background, answer);
    let taken: Taken[] = [];

    const visitTaken = async () => {
      const isAnyChanged = taken.some(({ changed }) => changed.length > 0);
      const numbers = isAnyChanged ? await ask(mixer.take(), taken.length) : new Float64Array(0);
      let at = 0;
      for (const step of taken) {
        visit(step.feature, step.entered, update(step, numbers, at));
        at += step.changed.length;
      }
      taken = [];
    };

    for (const feature of steps) {
      if (mixer.room < background.rows) await visitTaken();
      taken.push(take(feature));
    }
    await visitTaken();
  };
}

/** Takes steps from the empty coalition on, and mixes the rows that each changes. */
function createCoalition(differing: readonly (readonly number[])[], mixer: Mixer): (feature: number) => Taken {
  const members = new Uint8Array(differing.length);
  let size = 0;
  return (feature) => {
    const entered = members[feature] === 0;
    members[feature] = entered ? 1 : 0;
    size += entered ? 1 : -1;
    const isKnown = size === 0 || size === members.length;
    const changed = isKnown ? [] : (differing[feature] as readonly number[]);
    mixer.add(members, changed);
    return { feature, entered, size, changed };
  };
}

/**
 * Keeps the answer to each mixed row, and returns the means after a step. `numbers` has the answers that the step
 * changed, from row `at` on.
 */
function createMeans(features: number, { rows, answers, base }: Background, answer: Float64Array) {
  const { length: width } = base;
  const mixed = answers.slice();
  return ({ size, changed }: Taken, numbers: Float64Array, at: number): Float64Array => {
    if (size === 0) {
      mixed.set(answers);
      return base;
    }
    if (size === features) {
      for (let row = 0; row < rows; row += 1) mixed.set(answer, row * width);
      return answer;
    }
    for (const [index, row] of changed.entries()) copyRow(numbers, at + index, mixed, row, width);
    return toMeans(mixed, rows);
  };
}

function copyRow(from: Float64Array, row: number, to: Float64Array, toRow: number, width: number): void {
  for (let column = 0; column < width; column += 1) to[toRow * width + column] = from[row * width + column] as number;
}
