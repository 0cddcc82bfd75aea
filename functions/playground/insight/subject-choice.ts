import { element } from '../element.ts';
import type { Prediction } from '../model.ts';
import { type Subject, subjectOf } from './subjects.ts';

/** Of more, a name is typed, with those that fit below: nobody finds one in a longer list. */
const mostListed = 30;

export interface SubjectChoice {
  readonly element: HTMLElement;
  /** What was chosen; else what the prediction answers. */
  of(prediction: Prediction): Subject | undefined;
}

/** Which of an answer's numbers is explained and drawn: that of the answer, or one that stays the same. */
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
