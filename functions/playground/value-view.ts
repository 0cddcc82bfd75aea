import type { Api } from './api.ts';
import { drawRows } from './baseline.ts';
import { createDistribution, type Distribution, toEqualBars } from './distribution.ts';
import { element } from './element.ts';
import { formatCount, formatNumber } from './format.ts';
import { type Prediction, type Regressor, withUnit } from './model.ts';
import type { PredictionView } from './prediction-view.ts';

const draws = 400;
const bins = 40;

/** The value, and where it stands among the answers to rows as training had them. */
export function createValueView({ features, target }: Regressor, api: Api): PredictionView {
  const number = element('span');
  const headline = element('p', { class: 'headline' }, number, element('span', { class: 'unit' }, target.unit ?? ''));
  const figure = element('figure', { class: 'answers' });
  let present: number | undefined;
  let place: (value: number) => void = () => undefined;

  void api.probe(drawRows(features, draws)).then(
    ({ predictions }) => {
      place = drawAnswers(figure, predictions.flatMap(toValue));
      if (present !== undefined) place(present);
    },
    // The value itself is asked for again; this figure is not worth a second call.
    () => undefined,
  );
  return {
    elements: [headline, figure],
    caption: target.name,
    show(prediction) {
      [present] = toValue(prediction);
      if (present === undefined) return;
      number.textContent = formatNumber(present);
      number.title = String(present);
      place(present);
    },
    summarise: (prediction) =>
      toValue(prediction)
        .map((value) => withUnit(formatNumber(value), target.unit))
        .join(),
  };
}

function toValue(prediction: Prediction): number[] {
  return 'value' in prediction ? [prediction.value] : [];
}

/** Returns what marks a value among them. */
function drawAnswers(figure: HTMLElement, values: readonly number[]): (value: number) => void {
  const [min, max] = [Math.min(...values), Math.max(...values)];
  const bars = createBars(values, min, max);
  const ends = [min, max].map((end) => element('span', {}, formatNumber(end)));
  const caption = element('figcaption');
  figure.replaceChildren(bars.element, element('div', { class: 'ends' }, ...ends), caption);
  return (value) => {
    bars.mark(max > min ? (value - min) / (max - min) - 1e-8 : 0);
    const below = values.filter((other) => other < value).length / values.length;
    const source = `the answers to ${formatCount(values.length)} rows drawn, feature by feature, from the training data`;
    caption.textContent = `${rankOf(value, min, max, below)} ${source}.`;
  };
}

function rankOf(value: number, min: number, max: number, below: number): string {
  if (value < min) return 'Below all of';
  return value > max ? 'Above all of' : `Above ${Math.round(below * 100)}% of`;
}

function createBars(values: readonly number[], min: number, max: number): Distribution {
  const shares = new Array<number>(bins).fill(0);
  for (const value of values) {
    const bin = Math.min(bins - 1, Math.floor(((value - min) / (max - min || 1)) * bins));
    shares[bin] = (shares[bin] ?? 0) + 1;
  }
  return createDistribution(toEqualBars(shares));
}
