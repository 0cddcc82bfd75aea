import type { Explanations } from '../../core/explain/explanations.ts';
import { toExplanationRecords } from '../../core/explain/records.ts';
import type { Manifest } from '../../core/model/manifest.ts';
import type { Predictions } from '../../core/model/prediction.ts';
import { toRecords } from '../../core/model/records.ts';

/** Sepal's own answer with explanations: the prediction of each row, and what explains it. */
export function toExplanationDocument(predictions: Predictions, explanations: Explanations, manifest: Manifest) {
  const { name, version } = manifest;
  const records = toExplanationRecords(predictions, explanations, manifest);
  return {
    model: { name, version },
    method: explanations.method,
    explanations: toRecords(predictions).map((prediction, row) => ({ ...prediction, ...records[row] })),
  };
}
