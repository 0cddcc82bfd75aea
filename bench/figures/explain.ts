import { type ExplainedRow, explained } from '../measure/explain.ts';
import { milliseconds } from '../report/units.ts';
import { type Figure, timesAsMuch, timesFaster } from './figure.ts';

const group = 'Explanations';

const find = (model: string) => explained.find((one) => one.model === model);

/** The name of a model in tables. */
export const titleOf = (model: string) => find(model)?.what ?? model;

/** The time of one explained row, compared with shap's and with the time that a row may take. */
export function explainFigures(measured: readonly ExplainedRow[]): Figure[] {
  return measured.flatMap(({ model, times }) => {
    const { target = Number.NaN } = find(model) ?? {};
    const what = titleOf(model);
    const compared = { ours: times.sepal, unit: milliseconds };
    return [
      timesFaster({ group, what, against: 'shap on the original' }, { ...compared, theirs: times.shap }),
      timesAsMuch(
        { group, what, against: `its limit of ${target} ms`, target: 1 },
        { ...compared, theirs: times.sepal.map(() => target) },
      ),
    ];
  });
}
