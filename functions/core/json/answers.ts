import { type Class, toNames } from '../model/classes.ts';
import { type Predictions, withProbabilities } from '../model/prediction.ts';
import { onceFor } from '../once-for.ts';

/** What stands before the probability of each class, and what a row begins with whose label it is. */
const toTexts = onceFor((classes: readonly Class[]) => ({
  names: toNames(classes).map((name, column) => `${column > 0 ? ',' : ''}${JSON.stringify(name)}:`),
  starts: classes.map((value) => `"label":${JSON.stringify(value)}`),
}));

/**
 * The members of the object that answers a row, as JSON without its braces. Text, without an object for each row: those take
 * twice as long (bench/NOTES.md). Numbers are written as JSON has them: all that are asked for must be finite.
 */
export function createAnswerTexts(predictions: Predictions, showsProbabilities = true): (row: number) => string {
  if ('values' in predictions) return (row) => `"value":${predictions.values[row]}`;
  const { labels } = predictions;
  const { names, starts } = toTexts(predictions.classes);
  if (!showsProbabilities) return (row) => starts[labels[row] as number] as string;
  const { probabilities } = withProbabilities(predictions);
  return (row) => {
    let text = `${starts[labels[row] as number]},"probabilities":{`;
    let at = row * names.length;
    for (const name of names) {
      text += name + probabilities[at];
      at += 1;
    }
    return `${text}}`;
  };
}
