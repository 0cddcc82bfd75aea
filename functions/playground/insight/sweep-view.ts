import type { Api } from '../api.ts';
import { element } from '../element.ts';
import { formatName } from '../format.ts';
import {
  type Feature,
  type Prediction,
  type PublicManifest,
  type Row,
  toWords,
  type Value,
  withUnit,
} from '../model.ts';
import { createFeatureChoice } from './feature-choice.ts';
import type { Subject } from './subjects.ts';
import type { Curve, Mark } from './sweep-curve.ts';
import { createSweepLoader } from './sweep-loader.ts';
import { createSweepPlot } from './sweep-plot.ts';
import { canSweep, toSweep } from './sweep-values.ts';

export interface SweepView {
  readonly element: HTMLElement;
  show(row: Row, prediction: Prediction, subject: Subject): void;
  /** Sweeps another feature, if that can be swept. */
  choose(feature: string): void;
}

/**
 * Shows what the model would answer if one input had other values: it goes over its range while the others are held.
 */
export function createSweepView(
  manifest: PublicManifest,
  api: Api,
  onMove: (values: ReadonlyMap<number, Value>) => void,
): SweepView {
  const choice = createFeatureChoice(manifest, canSweep, () => draw());
  const plot = createSweepPlot((value) => onMove(new Map([[choice.read() ?? 0, value]])));
  const caption = element('figcaption');
  let draw = () => {};
  const load = createSweepLoader(api, {
    onAnswer: () => draw(),
    onProblem(text) {
      caption.textContent = text;
    },
  });
  return {
    element: element('figure', { class: 'sweep' }, choice.element, ...plot.elements, caption),
    show(row, prediction, subject) {
      draw = () => {
        const index = choice.read();
        const feature = manifest.features[index ?? -1];
        if (index === undefined || !feature) return;
        const value = row[index] ?? null;
        const sweep = toSweep(feature, value);
        const predictions = load({ row, index, sweep });
        if (!predictions) return;
        const curve = { sweep, numbers: predictions.map(subject.read), subject };
        const mark = { value, number: subject.read(prediction) };
        plot.show(curve, mark);
        caption.textContent = describe(feature, curve, mark);
      };
      draw();
    },
    choose(name) {
      if (choice.choose(name)) draw();
    },
  };
}

/** Describes the picture in words. */
function describe({ name, unit }: Feature, { sweep, numbers, subject }: Curve, { value, number }: Mark): string {
  const [least, most] = [subject.format(Math.min(...numbers)), subject.format(Math.max(...numbers))];
  const what = subject.name === '' ? 'The answer' : subject.name;
  const span = least === most ? `${what} is always ${most}` : `${what} is between ${least} and ${most}`;
  const present = value === null ? 'no value' : withUnit(formatName(String(value)), unit);
  const over = sweep.axis ? `goes from ${sweep.axis.ends.join(' to ')}` : `takes ${sweep.values.length} values`;
  const rest = sweep.leftOut > 0 ? ` ${sweep.leftOut} rarer values are left out.` : '';
  return `${span} as ${toWords(name)} ${over} and the other inputs stay the same. Now: ${subject.format(number)} at ${present}.${rest}`;
}
