import { element } from '../element.ts';
import type { Feature, Value } from '../model.ts';
import { type Control, createFrame, createTrack, setAttributes } from './control.ts';
import { createDistribution, toStrip } from './distribution.ts';

export interface Choice {
  readonly text: string;
  readonly value: Value;
  readonly share: number;
}

/**
 * A list of the values that training had. `no value` is added if the feature may be missing, and a field for any other
 * value if the model accepts that.
 */
export function createCategoryControl(feature: Feature, index: number, onChange: () => void): Control {
  const choices = toChoices(feature);
  const select = element('select', {}, ...choices.map(({ text }) => element('option', {}, text)));
  const other = element('input', { type: 'text', autocomplete: 'off', 'aria-label': `another ${feature.name}` });
  const takesOthers = feature.categories?.unknown === 'accepted';
  if (takesOthers) select.append(element('option', {}, 'another …'));
  // Without a baseline there are no frequencies: the bars would say that no value ever occurred.
  const bars = feature.baseline ? createShareStrip(choices) : undefined;
  const training = bars ? [createTrack(bars.element, undefined, ['', ''])] : [];
  const frame = createFrame(feature, index, [select], [other, ...training]);
  setAttributes(select, frame.fieldAttributes);

  const isOther = () => select.selectedIndex >= choices.length;
  const show = () => {
    other.hidden = !isOther();
    bars?.mark(isOther() ? undefined : startOf(choices, select.selectedIndex));
  };
  const changed = () => {
    show();
    if (isOther() && other.value === '') other.focus();
    onChange();
  };
  select.addEventListener('change', changed);
  other.addEventListener('input', onChange);
  return {
    ...frame,
    read: () => (isOther() ? parseOther(other.value, feature) : choices[select.selectedIndex]?.value),
    write: (value) => {
      const known = choices.findIndex((choice) => choice.value === value);
      select.selectedIndex = known < 0 && takesOthers ? choices.length : Math.max(0, known);
      if (known < 0) other.value = String(value ?? '');
      show();
    },
  };
}

/** The values that training had, and `no value` if the feature may be missing. */
export function toChoices({ dtype, categories, nullable, baseline }: Feature): readonly Choice[] {
  const values = dtype === 'bool' ? [false, true] : (categories?.values ?? []);
  const ofTrue = dtype === 'bool' ? (baseline?.mean ?? 0) : 0;
  const shares = dtype === 'bool' ? [1 - ofTrue, ofTrue] : (categories?.frequencies ?? []);
  const missing = baseline?.missing ?? 0;
  const present = nullable ? 1 - missing : 1;
  const known = values.map((value, index) => ({
    text: String(value) || '(empty)',
    value: dtype === 'bool' ? Boolean(value) : value,
    share: (shares[index] ?? 0) * present,
  }));
  return nullable ? [...known, { text: 'no value', value: null, share: missing }] : known;
}

/**
 * Shows how often each value occurred in training, side by side. Undefined for many values, because their bars would be
 * too small to see.
 */
function createShareStrip(choices: readonly Choice[]) {
  if (choices.length > 24) return undefined;
  const strip = createDistribution(toStrip(choices.map(({ share }) => share)));
  strip.element.classList.add('strip');
  return strip;
}

function startOf(choices: readonly Choice[], index: number): number {
  return choices.slice(0, index).reduce((sum, { share }) => sum + share, 0);
}

/** Converts a text to the type of the feature. Undefined if that fails. */
export function parseOther(text: string, { dtype }: Feature): Value | undefined {
  if (dtype === 'string') return text;
  return text.trim() === '' || Number.isNaN(Number(text)) ? undefined : Number(text);
}
