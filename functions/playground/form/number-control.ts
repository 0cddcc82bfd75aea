import { placeIn, toShares } from '../baseline.ts';
import { element } from '../element.ts';
import { formatNumber } from '../format.ts';
import { isIdentifier } from '../identifier.ts';
import { isRanged, type NumberFeature, type RangedFeature, toWords, type Value, withUnit } from '../model.ts';
import { type Control, createFrame, createMissingButton, createTrack, setAttributes } from './control.ts';
import { type Bar, createDistribution, toCentredBars, toEqualBars } from './distribution.ts';

/** The most bars. The baseline has only nine deciles, which more bars would not show in more detail. */
const mostBins = 30;

/**
 * A field for any number. It can be empty if the value may be missing. A slider covers the training range if that is
 * known and the feature is no identifier.
 */
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

/** The distribution of the training data, and a slider over its range. */
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

/** Puts a number field and its unit into one frame. */
function createBox(field: HTMLInputElement, unit: string | null): HTMLElement {
  return element('span', { class: 'field' }, field, element('span', { class: 'unit' }, unit ?? ''));
}

function createSlider({ baseline: { min, max } }: RangedFeature, step: number): HTMLInputElement {
  // The bounds are whole steps that enclose the range, because a slider stops only at whole steps.
  const bounds = {
    min: round(Math.floor(min / step + 1e-9) * step, step),
    max: round(Math.ceil(max / step - 1e-9) * step, step),
  };
  return element('input', { type: 'range', ...bounds, step, disabled: min === max });
}

/** A browser reports an entry that is no number as empty. `badInput` tells it from an empty field. */
function read({ value, valueAsNumber, validity }: HTMLInputElement, nullable: boolean): Value | undefined {
  if (value === '') return nullable && !validity.badInput ? null : undefined;
  return Number.isFinite(valueAsNumber) ? valueAsNumber : undefined;
}

/**
 * The largest of 1, 2 or 5 times a power of ten that divides the range into at least a hundred steps. A step of whole
 * numbers is at least 1.
 */
function stepOf({ dtype, baseline: { min, max } }: RangedFeature): number {
  const part = (max - min) / 100 || 1;
  const decimal = 10 ** Math.floor(Math.log10(part));
  const step = [5, 2, 1].map((times) => times * decimal).find((size) => size <= part) ?? decimal;
  return dtype === 'int64' ? Math.max(1, Math.round(step)) : Number(step.toPrecision(1));
}

/** Rounds to the decimals of the step. */
function round(value: number, step: number): number {
  return Number(value.toFixed(Math.min(100, Math.max(0, -Math.floor(Math.log10(step))))));
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(Math.max(value, min), max);
}

/** A bar for each whole number if these are few. Else the range is divided into equal bars. */
function toBars({ dtype, baseline }: RangedFeature): Bar[] {
  const numbers = baseline.max - baseline.min + 1;
  if (dtype !== 'int64' || numbers > mostBins) return toEqualBars(toShares(baseline, mostBins));
  return toCentredBars(toShares({ ...baseline, min: baseline.min - 0.5, max: baseline.max + 0.5 }, numbers));
}
