import { element } from '../element.ts';
import { type Feature, toWords, type Value } from '../model.ts';

/** Where the value of one feature is chosen. */
export interface Control {
  readonly element: HTMLElement;
  /** The place beside the control for what the value does to the answer; empty, it takes no room. */
  readonly slot: HTMLElement;
  /** Undefined where what is entered is no value. */
  read(): Value | undefined;
  write(value: Value): void;
  /** Says what is wrong with the value, or unusual about it; nothing where that is undefined. */
  note(text: string | undefined, kind?: 'unusual' | 'wrong'): void;
}

export interface Frame {
  readonly element: HTMLElement;
  readonly slot: HTMLElement;
  readonly note: Control['note'];
  /** Of the element that the label names. */
  readonly fieldAttributes: Readonly<Record<'id' | 'aria-describedby', string>>;
}

/** What every control has around it: the feature's name, its field, what training had, and a place to say what is wrong. */
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

/** A button that says whether the value is missing. */
export function createMissingButton(onPress: () => void): HTMLButtonElement {
  const button = element('button', { type: 'button', class: 'missing', 'aria-pressed': 'false' }, 'no value');
  button.addEventListener('click', onPress);
  return button;
}

/** How the training values spread, over the slider where there is one, between the ends of their range. */
export function createTrack(
  spread: Element,
  slider: Element | undefined,
  [from, to]: readonly [string, string],
): HTMLElement {
  // The slider says the ends itself to those who do not see them.
  const toEnd = (text: string) => element('span', { class: 'end', 'aria-hidden': 'true' }, text);
  const rail = element('div', { class: 'rail' }, spread, ...(slider ? [slider] : []));
  return element('div', { class: 'track' }, toEnd(from), rail, toEnd(to));
}
