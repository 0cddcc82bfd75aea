import { toName } from '../../core/model/classes.ts';
import type { Prediction } from '../model.ts';

/** The part of a prediction that is about one target. */
export interface Part {
  readonly label: string;
  /** The value of a regressor, or the score of an outlier detector; NaN if there is none. */
  readonly value: number;
  /** Probabilities, scores or distances by class. */
  readonly numbers: Readonly<Record<string, number>>;
}

/** Returns the part of a prediction that is about the target `name`, or about the only target. */
export function toPart(prediction: Prediction, name: string | undefined): Part {
  const nothing = { label: '', value: Number.NaN, numbers: {} };
  if ('value' in prediction) return { ...nothing, value: prediction.value };
  if ('values' in prediction) return { ...nothing, value: prediction.values[name ?? ''] ?? Number.NaN };
  if ('labels' in prediction) {
    const { labels, probabilities } = prediction;
    return { ...nothing, label: toName(labels[name ?? ''] ?? ''), numbers: probabilities?.[name ?? ''] ?? {} };
  }
  const { label, score = Number.NaN, probabilities, scores, distances } = prediction;
  return { label: toName(label), value: score, numbers: probabilities ?? scores ?? distances ?? {} };
}
