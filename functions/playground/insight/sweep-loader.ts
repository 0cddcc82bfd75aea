import { type Api, Refusal } from '../api.ts';
import { afterPause, createLatest } from '../latest.ts';
import type { Prediction, Row } from '../model.ts';
import type { Sweep } from './sweep-values.ts';

/** The values that one feature takes, and the row that has the other values. */
export interface Question {
  readonly row: Row;
  readonly index: number;
  readonly sweep: Sweep;
}

interface Outcome {
  readonly onAnswer: () => void;
  readonly onProblem: (text: string) => void;
}

/**
 * Creates a function that returns the answers to a sweep if they are known. Else the function asks for them once the
 * row rests, and calls `onAnswer` when they arrive. While only the swept value changes, the answers are kept.
 */
export function createSweepLoader(api: Api, { onAnswer, onProblem }: Outcome) {
  let known: { readonly key: string; readonly predictions: readonly Prediction[] } | undefined;
  let wanted = '';
  const ask = afterPause(
    160,
    createLatest(
      ({ row, index, sweep: { values } }: Question) => api.probe(values.map((value) => row.with(index, value))),
      {
        onAnswer({ predictions }, question) {
          known = { key: keyOf(question), predictions };
          onAnswer();
        },
        onError(error) {
          wanted = '';
          if (error instanceof Refusal) onProblem(`There is no curve. ${error.message}.`);
        },
      },
      0,
    ),
  );
  return (question: Question): readonly Prediction[] | undefined => {
    const key = keyOf(question);
    if (known?.key === key) return known.predictions;
    if (wanted !== key) ask(question);
    wanted = key;
    return undefined;
  };
}

function keyOf({ row, index, sweep }: Question): string {
  return JSON.stringify([index, row.with(index, null), sweep.values]);
}
