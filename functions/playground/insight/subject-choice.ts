import { element } from '../element.ts';
import type { Prediction } from '../model.ts';
import { type Subject, subjectOf } from './subjects.ts';

/** A longer list would be hard to search, so a field offers the names that match what is typed. */
const mostListed = 30;

export interface SubjectChoice {
  readonly element: HTMLElement;
  /** The chosen number. If none is chosen, the number of what is predicted. */
  of(prediction: Prediction): Subject | undefined;
}

/**
 * Lets people choose which number of an answer is explained and drawn: always that of what is predicted, or always the
 * same one.
 */
export function createSubjectChoice(subjects: readonly Subject[], onChange: () => void): SubjectChoice {
  const [field, ...rest] = subjects.length > mostListed ? createField(subjects) : [createSelect(subjects)];
  field.addEventListener('change', onChange);
  const label = element('label', { class: 'subject', hidden: subjects.length < 2 }, 'For ', field, ...rest);
  return {
    element: label,
    of: (prediction) => subjects.find(({ name }) => name === field.value) ?? subjectOf(prediction, subjects),
  };
}

const ofAnswer = 'the answer';

function createSelect(subjects: readonly Subject[]): HTMLSelectElement {
  return element('select', {}, element('option', { value: '' }, ofAnswer), ...subjects.map(toOption));
}

function createField(subjects: readonly Subject[]): [HTMLInputElement, HTMLElement] {
  const list = element('datalist', { id: 'subjects' }, ...subjects.map(toOption));
  return [element('input', { type: 'text', list: list.id, placeholder: ofAnswer, autocomplete: 'off' }), list];
}

function toOption({ name }: Subject): HTMLElement {
  return element('option', { value: name }, name);
}
