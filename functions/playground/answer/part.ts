import { toName } from '../../core/model/classes.ts';
import type { Prediction } from '../model.ts';

/** What a prediction holds of one target. */
export interface Part {
  readonly label: string;
  /** The value of a regressor, the score of an outlier detector. */
  readonly value: number;
  /** Probabilities, scores or distances, by the class. */
  readonly numbers: Readonly<Record<string, number>>;
}

/** What an answer holds of a target, or of the only one. */
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
