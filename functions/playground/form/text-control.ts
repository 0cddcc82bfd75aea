import { element } from '../element.ts';
import { type Feature, isText } from '../model.ts';
import { type Control, createFrame, setAttributes } from './control.ts';

/**
 * A field for a string whose training values are not known. Free text gets several lines. If the value may be missing,
 * an empty field is a missing value.
 */
export function createTextControl(feature: Feature, index: number, onChange: () => void): Control {
  const field = isText(feature)
    ? element('textarea', { rows: 3 })
    : element('input', { type: 'text', autocomplete: 'off' });
  const frame = createFrame(feature, index, [field], []);
  frame.element.classList.add('wide');
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
