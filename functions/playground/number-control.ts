import { placeIn, toShares } from './baseline.ts';
import { type Control, createFrame, createMissingButton, setAttributes } from './control.ts';
import { type Bar, createDistribution, toCentredBars, toEqualBars } from './distribution.ts';
import { element } from './element.ts';
import { formatNumber } from './format.ts';
import { type NumericFeature, toWords, type Value, withUnit } from './model.ts';

/** Ten deciles say no more. */
const mostBins = 30;

/** A slider over the training range, and a field for any number, which may be empty where a value may be missing. */
export function createNumberControl(feature: NumericFeature, index: number, onChange: () => void): Control {
  const { baseline, unit, nullable, name } = feature;
  const step = stepOf(feature);
  const field = element('input', { type: 'number', step, inputmode: 'decimal', autocomplete: 'off' });
  const slider = createSlider(feature, step);
  const bars = createDistribution(toBars(feature));
  const missing = createMissingButton(() => {
    field.value = field.value === '' ? String(round(baseline.mean, step)) : '';
    changed();
  });
  const frame = createFrame(
    feature,
    index,
    [...(nullable ? [missing] : []), createBox(field, unit)],
    [element('div', { class: 'track' }, bars.element, slider), createEnds(feature)],
  );
  setAttributes(field, { ...frame.fieldAttributes, ...(nullable && { placeholder: '–' }) });

  const show = () => {
    const value = read(field, nullable);
    const isNumber = typeof value === 'number';
    missing.setAttribute('aria-pressed', String(field.value === '' && field.validity.valid));
    slider.classList.toggle('empty', !isNumber);
    if (isNumber) slider.value = String(value);
    slider.setAttribute('aria-valuetext', isNumber ? withUnit(String(value), unit) : 'no value');
    bars.mark(isNumber ? placeIn(baseline, value) : undefined);
  };
  const changed = () => {
    show();
    onChange();
  };
  field.addEventListener('input', changed);
  slider.addEventListener('input', () => {
    field.value = String(clamp(round(slider.valueAsNumber, step), baseline.min, baseline.max));
    changed();
  });
  slider.setAttribute('aria-label', `${toWords(name)}, within the training range`);
  return {
    ...frame,
    read: () => read(field, nullable),
    write: (value) => {
      field.value = value === null ? '' : String(value);
      show();
    },
  };
}

/** A number, with its unit in the same frame. */
function createBox(field: HTMLInputElement, unit: string | null): HTMLElement {
  return element('span', { class: 'field' }, field, element('span', { class: 'unit' }, unit ?? ''));
}

/** What the slider goes from and to, as it says itself to those who do not see it. */
function createEnds({ baseline: { min, max } }: NumericFeature): HTMLElement {
  const ends = [min, max].map((end) => element('span', {}, formatNumber(end)));
  return element('div', { class: 'ends', 'aria-hidden': 'true' }, ...ends);
}

function createSlider({ baseline: { min, max } }: NumericFeature, step: number): HTMLInputElement {
  // Whole steps that hold both ends: a slider cannot stop elsewhere.
  const bounds = {
    min: round(Math.floor(min / step + 1e-9) * step, step),
    max: round(Math.ceil(max / step - 1e-9) * step, step),
  };
  return element('input', { type: 'range', ...bounds, step, disabled: min === max });
}

/** What is no number at all is empty too, and not valid. */
function read({ value, valueAsNumber, validity }: HTMLInputElement, nullable: boolean): Value | undefined {
  if (value === '') return nullable && !validity.badInput ? null : undefined;
  return Number.isFinite(valueAsNumber) ? valueAsNumber : undefined;
}

/** 1, 2 or 5 of the decimal that cuts the range into a hundred parts and more. */
function stepOf({ dtype, baseline: { min, max } }: NumericFeature): number {
  const part = (max - min) / 100 || 1;
  const decimal = 10 ** Math.floor(Math.log10(part));
  const step = [5, 2, 1].map((times) => times * decimal).find((size) => size <= part) ?? decimal;
  return dtype === 'int64' ? Math.max(1, Math.round(step)) : Number(step.toPrecision(1));
}

/** To the decimals of the step. */
function round(value: number, step: number): number {
  return Number(value.toFixed(Math.min(100, Math.max(0, -Math.floor(Math.log10(step))))));
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(Math.max(value, min), max);
}

/** A bar for each whole number where those are few. */
function toBars({ dtype, baseline }: NumericFeature): Bar[] {
  const numbers = baseline.max - baseline.min + 1;
  if (dtype !== 'int64' || numbers > mostBins) return toEqualBars(toShares(baseline, mostBins));
  return toCentredBars(toShares({ ...baseline, min: baseline.min - 0.5, max: baseline.max + 0.5 }, numbers));
}
