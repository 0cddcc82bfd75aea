import { targetsOf } from '../../core/model/outputs.ts';
import { element, section } from '../element.ts';
import { formatMeasured } from '../format.ts';
import { type PublicManifest, toWords, withUnit } from '../model.ts';

/** Shows how good the model is: its scores, followed by the elements `more`. */
export function createQualityView(manifest: PublicManifest, ...more: readonly HTMLElement[]): HTMLElement {
  return section(
    'quality',
    'How good it is',
    element('dl', { class: 'figures' }, ...toScores(manifest)),
    element('p', { class: 'aside' }, `${capitalise(manifest.metrics.protocol)}.`),
    ...more,
  );
}

/** The scores. An absolute error has the unit of what is predicted. */
function toScores(manifest: PublicManifest): HTMLElement[] {
  const [target, ...others] = targetsOf(manifest);
  return Object.entries(manifest.metrics.values).map(([name, { mean, std }]) => {
    const [middle, deviation] = formatMeasured(mean, std);
    const unit = name === 'mean_absolute_error' && others.length === 0 ? (target?.unit ?? null) : null;
    return toFigure(name === 'r2' ? 'R²' : toWords(name), middle, withUnit(`± ${deviation}`, unit));
  });
}

function capitalise(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** A number in large type, with its name and a note. */
export function toFigure(name: string, value: string, note: string): HTMLElement {
  const detail = element('dd', {}, element('b', {}, value), ` ${note}`);
  return element('div', {}, element('dt', {}, name), detail);
}
