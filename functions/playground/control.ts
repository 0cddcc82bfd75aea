import { element } from './element.ts';
import { type Feature, toWords, type Value } from './model.ts';

/** Where the value of one feature is chosen. */
export interface Control {
  readonly element: HTMLElement;
  /** Undefined where what is entered is no value. */
  read(): Value | undefined;
  write(value: Value): void;
  /** Says what is wrong with the value, or unusual about it; nothing where that is undefined. */
  note(text: string | undefined, kind?: 'unusual' | 'wrong'): void;
}

export interface Frame {
  readonly element: HTMLElement;
  readonly note: Control['note'];
  /** Of the element that the label names. */
  readonly fieldAttributes: Readonly<Record<'id' | 'aria-describedby', string>>;
  readonly labelId: string;
}

/** What every control has around it: the feature's name, and a place to say what is wrong with its value. */
export function createFrame({ name }: Feature, index: number, head: readonly Node[], body: readonly Node[]): Frame {
  const id = `feature-${index}`;
  const labelId = `${id}-label`;
  const label = element('label', { id: labelId, for: id, title: name }, toWords(name));
  const message = element('p', { id: `${id}-note`, class: 'note', 'aria-live': 'polite' });
  const top = element('div', { class: 'control-head' }, label, ...head);
  return {
    element: element('div', { class: 'control', 'data-feature': name }, top, ...body, message),
    note: (text, kind = 'wrong') => {
      message.textContent = text ?? '';
      message.dataset.kind = text ? kind : '';
    },
    fieldAttributes: { id, 'aria-describedby': message.id },
    labelId,
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
