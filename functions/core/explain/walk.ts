import type { Tensors } from '../model/tensor.ts';
import { type Background, toMeans } from './background.ts';
import type { Mixer } from './mixer.ts';
import type { Steps } from './steps.ts';

/** Called after each step: the feature that entered or left the coalition, and the mean answers to it as it is now. */
export type Visit = (feature: number, entered: boolean, values: Float64Array) => void;

/** Takes the steps for the row that the mixer is at; `answer` are the model's numbers for it. */
export type Walk = (steps: Steps, answer: Float64Array, visit: Visit) => Promise<void>;

/** Answers mixed rows with the numbers that are explained; `steps` is how many were taken for them. */
export type Ask = (rows: Tensors, steps: number) => Promise<Float64Array>;

interface Taken {
  readonly feature: number;
  readonly entered: boolean;
  /** Features in the coalition. */
  readonly size: number;
  /** The rows of the background whose mixed rows it has changed. */
  readonly changed: readonly number[];
}

/**
 * Walks through coalitions, and asks for the answers of many at once. A step changes one feature. Where this has the same value in
 * the explained row as in a row of the background, the mixed row is as it was, and so is its answer: of flags and categories
 * most are not asked for. The answers to the coalitions of none and of all features are known.
 */
export function createWalk(features: number, background: Background, mixer: Mixer, ask: Ask): Walk {
  return async (steps, answer, visit) => {
    const take = createCoalition(features, mixer);
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
      if (!mixer.hasRoom) await visitTaken();
      taken.push(take(feature));
    }
    await visitTaken();
  };
}

/** Takes steps from the empty coalition on, and mixes the rows that each changes. */
function createCoalition(features: number, mixer: Mixer): (feature: number) => Taken {
  const members = new Uint8Array(features);
  let size = 0;
  return (feature) => {
    const entered = members[feature] === 0;
    members[feature] = entered ? 1 : 0;
    size += entered ? 1 : -1;
    const isKnown = size === 0 || size === features;
    return { feature, entered, size, changed: isKnown ? [] : mixer.add(members, feature) };
  };
}

/** Keeps the answer to each mixed row, and tells the means after a step; `numbers` has the answers that it changed from row `at` on. */
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
