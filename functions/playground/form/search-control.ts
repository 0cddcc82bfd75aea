import { element } from '../element.ts';
import { formatCount } from '../format.ts';
import type { Feature, Value } from '../model.ts';
import { type Choice, parseOther, toChoices } from './category-control.ts';
import { type Control, createFrame, setAttributes } from './control.ts';

/** A field for a feature that has too many values for a list. It offers the values that contain what is typed. */
export function createSearchControl(feature: Feature, index: number, onChange: () => void): Control {
  const choices = toChoices(feature);
  const known = new Map(choices.map(({ text, value }) => [text, value]));
  const options = toOptions(choices);
  const list = element('datalist', { id: `feature-${index}-values` }, ...options);
  const placeholder = feature.nullable ? 'no value' : 'type to search';
  const field = element('input', { type: 'text', list: list.id, autocomplete: 'off', placeholder });
  const hint = element('p', { class: 'hint' }, `${formatCount(options.length)} values in training`);
  const frame = createFrame(feature, index, [field, list], [hint]);
  setAttributes(field, frame.fieldAttributes);
  field.addEventListener('input', onChange);
  return {
    ...frame,
    read: () => read(field.value, known, feature),
    write: (value) => {
      field.value = choices.find((choice) => choice.value === value)?.text ?? String(value ?? '');
      if (value === null) field.value = '';
    },
  };
}

function toOptions(choices: readonly Choice[]): HTMLElement[] {
  return choices.filter(({ value }) => value !== null).map(({ text }) => element('option', { value: text }));
}

/** Undefined if the text is no known value and the model accepts no other. */
function read(text: string, known: ReadonlyMap<string, Value>, feature: Feature): Value | undefined {
  if (text === '' && feature.nullable) return null;
  const value = known.get(text);
  if (value !== undefined) return value;
  return feature.categories?.unknown === 'accepted' ? parseOther(text, feature) : undefined;
}
