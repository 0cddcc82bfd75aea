import { type ExplainedRow, explained } from '../measure/explain.ts';
import { milliseconds } from '../report/units.ts';
import { type Figure, timesAsMuch, timesFaster } from './figure.ts';

const group = 'Explanations';

/** The time of one explained row, compared with shap's and with the time that a row may take. */
export function explainFigures(measured: readonly ExplainedRow[]): Figure[] {
  return measured.flatMap(({ model, times }) => {
    const { what = model, target = Number.NaN } = explained.find((one) => one.model === model) ?? {};
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
