import { placeIn, toShares } from '../baseline.ts';
import { element } from '../element.ts';
import { formatNumber } from '../format.ts';
import { isIdentifier } from '../identifier.ts';
import { isRanged, type NumberFeature, type RangedFeature, toWords, type Value, withUnit } from '../model.ts';
import { type Control, createFrame, createMissingButton, createTrack, setAttributes } from './control.ts';
import { type Bar, createDistribution, toCentredBars, toEqualBars } from './distribution.ts';

/** Ten deciles say no more. */
const mostBins = 30;

/** A field for any number, which may be empty where a value may be missing, and a slider over the training range where that says something. */
export function createNumberControl(feature: NumberFeature, index: number, onChange: () => void): Control {
  const { unit, nullable, dtype } = feature;
  const range = isRanged(feature) && !isIdentifier(feature) ? createRange(feature, write) : undefined;
  const step = range?.step ?? (dtype === 'int64' ? 1 : 'any');
  const field = element('input', { type: 'number', step, inputmode: 'decimal', autocomplete: 'off' });
  const missing = createMissingButton(() => write(field.value === '' ? (range?.middle ?? '0') : ''));
  const head = [...(nullable ? [missing] : []), createBox(field, unit)];
  const frame = createFrame(feature, index, head, range?.elements ?? []);
  setAttributes(field, { ...frame.fieldAttributes, ...(nullable && { placeholder: '–' }) });

  const show = () => {
    const value = read(field, nullable);
    missing.setAttribute('aria-pressed', String(field.value === '' && field.validity.valid));
    range?.show(typeof value === 'number' ? value : undefined);
  };
  const changed = () => {
    show();
    onChange();
  };
  function write(text: string) {
    field.value = text;
    changed();
  }
  field.addEventListener('input', changed);
  return {
    ...frame,
    read: () => read(field, nullable),
    write: (value) => {
      field.value = value === null ? '' : String(value);
      show();
    },
  };
}

/** What the training data had, and a slider within. */
function createRange(feature: RangedFeature, onSlide: (text: string) => void) {
  const { baseline, unit, name } = feature;
  const step = stepOf(feature);
  const slider = createSlider(feature, step);
  const bars = createDistribution(toBars(feature));
  slider.addEventListener('input', () => {
    onSlide(String(clamp(round(slider.valueAsNumber, step), baseline.min, baseline.max)));
  });
  slider.setAttribute('aria-label', `${toWords(name)}, within the training range`);
  return {
    step,
    middle: String(round(baseline.mean, step)),
    elements: [createTrack(bars.element, slider, [formatNumber(baseline.min), formatNumber(baseline.max)])],
    show(value: number | undefined) {
      slider.classList.toggle('empty', value === undefined);
      if (value !== undefined) slider.value = String(value);
      slider.setAttribute('aria-valuetext', value === undefined ? 'no value' : withUnit(String(value), unit));
      bars.mark(value === undefined ? undefined : placeIn(baseline, value));
    },
  };
}

/** A number, with its unit in the same frame. */
function createBox(field: HTMLInputElement, unit: string | null): HTMLElement {
  return element('span', { class: 'field' }, field, element('span', { class: 'unit' }, unit ?? ''));
}

function createSlider({ baseline: { min, max } }: RangedFeature, step: number): HTMLInputElement {
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
function stepOf({ dtype, baseline: { min, max } }: RangedFeature): number {
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
function toBars({ dtype, baseline }: RangedFeature): Bar[] {
  const numbers = baseline.max - baseline.min + 1;
  if (dtype !== 'int64' || numbers > mostBins) return toEqualBars(toShares(baseline, mostBins));
  return toCentredBars(toShares({ ...baseline, min: baseline.min - 0.5, max: baseline.max + 0.5 }, numbers));
}
