import { element } from '../element.ts';
import { type Feature, toWords, type Value } from '../model.ts';

/** The control in which the value of one feature is chosen. */
export interface Control {
  readonly element: HTMLElement;
  /** The place beside the control that shows what the value adds to the answer. It takes no room while it is empty. */
  readonly slot: HTMLElement;
  /** Undefined if the entry is no valid value. */
  read(): Value | undefined;
  write(value: Value): void;
  /** Says what is wrong with the value, or unusual about it. Undefined removes the note. */
  note(text: string | undefined, kind?: 'unusual' | 'wrong'): void;
}

export interface Frame {
  readonly element: HTMLElement;
  readonly slot: HTMLElement;
  readonly note: Control['note'];
  /** Attributes to set on the form field, so that the label and the note belong to it. */
  readonly fieldAttributes: Readonly<Record<'id' | 'aria-describedby', string>>;
}

/** Creates what every control has: the feature's name, its field, the training values, a slot and a place for notes. */
export function createFrame(
  { name }: Feature,
  index: number,
  field: readonly Node[],
  training: readonly Node[],
): Frame {
  const id = `feature-${index}`;
  const label = element('label', { for: id, title: name }, toWords(name));
  const message = element('p', { id: `${id}-note`, class: 'note', 'aria-live': 'polite' });
  const slot = element('div', { class: 'slot' });
  const parts = [
    label,
    element('div', { class: 'value' }, ...field),
    element('div', { class: 'training' }, ...training),
    slot,
    message,
  ];
  return {
    element: element('div', { class: 'control', 'data-feature': name }, ...parts),
    slot,
    note: (text, kind = 'wrong') => {
      message.textContent = text ?? '';
      message.dataset.kind = text ? kind : '';
    },
    fieldAttributes: { id, 'aria-describedby': message.id },
  };
}

export function setAttributes(target: Element, attributes: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(attributes)) target.setAttribute(name, value);
}

/** A button that shows whether the value is missing. Pressing it changes that. */
export function createMissingButton(onPress: () => void): HTMLButtonElement {
  const button = element('button', { type: 'button', class: 'missing', 'aria-pressed': 'false' }, 'no value');
  button.addEventListener('click', onPress);
  return button;
}

/**
 * Shows the distribution of the training values, with the ends of their range at both sides. The slider, if there is
 * one, is below the distribution.
 */
export function createTrack(
  spread: Element,
  slider: Element | undefined,
  [from, to]: readonly [string, string],
): HTMLElement {
  // Hidden from screen readers, because the slider tells them its ends. Tracks without a slider have no ends to tell.
  const toEnd = (text: string) => element('span', { class: 'end', 'aria-hidden': 'true' }, text);
  const rail = element('div', { class: 'rail' }, spread, ...(slider ? [slider] : []));
  return element('div', { class: 'track' }, toEnd(from), rail, toEnd(to));
}
