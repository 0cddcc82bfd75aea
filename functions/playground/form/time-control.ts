import { formatTime, parseTime, type Timezone } from '../../core/model/timestamp.ts';
import { placeIn, type Range, toShares } from '../baseline.ts';
import { element } from '../element.ts';
import { type TimeFeature, toWords, type Value } from '../model.ts';
import { type Control, createFrame, createMissingButton, createTrack, setAttributes } from './control.ts';
import { createDistribution, toEqualBars } from './distribution.ts';
import { formatShortTime, stepOf } from './time-steps.ts';

/** The number of bars. The baseline has only nine deciles, which more bars would not show in more detail. */
const bins = 30;

/**
 * A field for a date and a time of day, in UTC if the feature is. A slider covers the training range if that is known.
 */
export function createTimeControl(feature: TimeFeature, index: number, onChange: () => void): Control {
  const { nullable, timezone, baseline } = feature;
  const range = baseline ? createRange(feature, baseline, write) : undefined;
  const field = element('input', { type: 'datetime-local', step: 1 });
  const missing = createMissingButton(() => write(field.value === '' ? (range?.middle ?? 0) : undefined));
  const box = element('span', { class: 'field time' }, field, element('span', { class: 'unit' }, timezone ?? ''));
  const frame = createFrame(feature, index, [...(nullable ? [missing] : []), box], range?.elements ?? []);
  setAttributes(field, frame.fieldAttributes);
  /**
   * The value that was written, and the text that the field made of it. The field keeps only milliseconds, so a finer
   * time is kept here and read back as long as the field is not changed.
   */
  let written: { readonly value: Value; readonly shown: string } = { value: null, shown: '' };

  const read = (): Value | undefined => {
    if (field.value === '') return readEmpty(field, nullable);
    return field.value === written.shown ? written.value : `${field.value}${timezone === 'UTC' ? 'Z' : ''}`;
  };
  const show = () => {
    const value = read();
    missing.setAttribute('aria-pressed', String(value === null));
    range?.show(toMicroseconds(value, timezone));
  };
  const changed = () => {
    show();
    onChange();
  };
  const put = (value: Value) => {
    field.value = toFieldText(toMicroseconds(value, timezone));
    written = { value, shown: field.value };
  };
  function write(microseconds: number | undefined) {
    put(microseconds === undefined ? null : formatTime(microseconds, timezone));
    changed();
  }
  field.addEventListener('input', changed);
  return {
    ...frame,
    read,
    write: (value) => {
      put(value);
      show();
    },
  };
}

/**
 * While a time is only partly typed, the browser reports the field's value as empty. `badInput` is true then, and false
 * for an empty field.
 */
function readEmpty({ validity }: HTMLInputElement, nullable: boolean): null | undefined {
  return nullable && !validity.badInput ? null : undefined;
}

function toMicroseconds(value: Value | undefined, timezone: Timezone): number | undefined {
  const time = typeof value === 'string' ? parseTime(value, timezone) : undefined;
  return typeof time === 'number' ? time : undefined;
}

/**
 * Formats a time for the field. The text has no zone: it is the time in the feature's own zone, whatever zone the
 * browser is in.
 */
function toFieldText(microseconds: number | undefined): string {
  return microseconds === undefined ? '' : formatTime(Math.floor(microseconds / 1000) * 1000, null).slice(0, 23);
}

/** The distribution of the training data, and a slider over its range. */
function createRange({ name, timezone }: TimeFeature, baseline: Range, onSlide: (microseconds: number) => void) {
  const { min, max } = baseline;
  const step = stepOf(max - min);
  // The bounds are whole steps that enclose the range, because a slider stops only at whole steps.
  const bounds = { min: Math.floor(min / step) * step, max: Math.ceil(max / step) * step };
  const slider = element('input', { type: 'range', ...bounds, step, disabled: min === max });
  slider.setAttribute('aria-label', `${toWords(name)}, within the training range`);
  slider.addEventListener('input', () => onSlide(Math.min(Math.max(slider.valueAsNumber, min), max)));
  const bars = createDistribution(toEqualBars(toShares(baseline, bins)));
  const toText = (microseconds: number) => formatShortTime(microseconds, step);
  const track = createTrack(bars.element, slider, [toText(min), toText(max)]);
  track.classList.add('dates');
  return {
    middle: Math.round((min + max) / 2 / step) * step,
    elements: [track],
    show(microseconds: number | undefined) {
      slider.classList.toggle('empty', microseconds === undefined);
      if (microseconds !== undefined) slider.value = String(microseconds);
      const text = microseconds === undefined ? 'no value' : formatTime(microseconds, timezone);
      slider.setAttribute('aria-valuetext', text);
      bars.mark(microseconds === undefined ? undefined : placeIn(baseline, microseconds));
    },
  };
}
