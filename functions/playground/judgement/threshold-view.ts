import { element } from '../element.ts';
import { formatShare } from '../format.ts';
import { subjectsOf } from '../insight/subjects.ts';
import type { Prediction, PublicManifest } from '../model.ts';

type Threshold = NonNullable<PublicManifest['metrics']['thresholds']>[number];

export interface ThresholdView {
  readonly element: HTMLElement;
  show(prediction: Prediction): void;
}

/**
 * Lets people choose the threshold: the least probability with which a row counts as the second class. Shows precision,
 * recall and the share of all rows that are predicted as the second class. Undefined if thresholds were not measured.
 */
export function createThresholdView(manifest: PublicManifest): ThresholdView | undefined {
  const { thresholds } = manifest.metrics;
  const [other, second] = subjectsOf(manifest);
  if (!thresholds?.length || !other || !second) return undefined;
  const { name } = second;
  const slider = createSlider(thresholds, name);
  const label = element('p', { class: 'threshold-label', role: 'status' });
  const effects = element('ul', { class: 'threshold-effects' });
  let draw = () => {};
  slider.addEventListener('input', () => draw());
  return {
    element: element(
      'div',
      { class: 'threshold' },
      element('h3', {}, 'Threshold'),
      element('label', { for: slider.id }, `Predict ${name} from this probability on`),
      slider,
      label,
      effects,
      element(
        'p',
        { class: 'aside' },
        'Only this page uses the threshold. The API always answers with the label of the model.',
      ),
    ),
    show(prediction) {
      const share = second.read(prediction);
      draw = () => {
        const chosen = thresholds[slider.valueAsNumber] as Threshold;
        const answer = share >= chosen.threshold ? name : other.name;
        slider.setAttribute('aria-valuetext', formatShare(chosen.threshold));
        label.replaceChildren(
          `At ${formatShare(chosen.threshold)}, this row is `,
          element('b', {}, answer),
          `: its probability of ${name} is ${formatShare(share)}.`,
        );
        effects.replaceChildren(...toEffects(chosen, name));
      };
      draw();
    },
  };
}

/** The slider stops only at the thresholds that were measured, because each has its own figures. */
function createSlider(thresholds: readonly Threshold[], name: string): HTMLInputElement {
  const slider = element('input', { type: 'range', id: 'threshold', min: 0, max: thresholds.length - 1, step: 1 });
  const half = thresholds.findIndex(({ threshold }) => threshold >= 0.5);
  slider.value = String(Math.max(0, half));
  slider.title = `Threshold of ${name}`;
  return slider;
}

/** Writes precision, recall and the share of all rows that are predicted as the second class, as sentences. */
function toEffects({ precision, recall, share }: Threshold, name: string): HTMLElement[] {
  const effects: readonly (readonly [string, number | null, string])[] = [
    ['precision', precision, `of the rows predicted as ${name} are ${name}`],
    ['recall', recall, `of the rows that are ${name} are found`],
    ['share', share, `of all rows are predicted as ${name}`],
  ];
  return effects.flatMap(([term, number, meaning]) => {
    if (number === null) return [];
    const bar = element('span', { class: 'bar-track', 'aria-hidden': 'true' }, createFill(number));
    return [element('li', {}, element('b', {}, formatShare(number)), ` ${meaning} (${term})`, bar)];
  });
}

function createFill(share: number): HTMLElement {
  const fill = element('span', { class: 'bar-fill' });
  fill.style.inlineSize = `${share * 100}%`;
  return fill;
}
