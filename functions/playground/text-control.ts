import { type Control, createFrame, setAttributes } from './control.ts';
import { element } from './element.ts';
import type { Feature } from './model.ts';

/** A string of which training says nothing; where it may be missing, an empty one is. */
export function createTextControl(feature: Feature, index: number, onChange: () => void): Control {
  const field = element('input', { type: 'text', autocomplete: 'off' });
  const frame = createFrame(feature, index, [field], []);
  setAttributes(field, { ...frame.fieldAttributes, ...(feature.nullable && { placeholder: 'no value' }) });
  field.addEventListener('input', onChange);
  return {
    ...frame,
    read: () => (field.value === '' && feature.nullable ? null : field.value),
    write: (value) => {
      field.value = String(value ?? '');
    },
  };
}
