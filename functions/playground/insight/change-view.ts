import { element } from '../element.ts';
import { type Prediction, type PublicManifest, type Row, toWords } from '../model.ts';
import type { Subject } from './subjects.ts';

export interface ChangeView {
  readonly element: HTMLElement;
  /** Sets the row that later rows are compared with, and its prediction if that is known already. */
  start(row: Row, prediction: Prediction | undefined): void;
  show(row: Row, prediction: Prediction, subject: Subject): void;
}

/** Tells how the changes since an example have changed the answer, and offers to undo them. */
export function createChangeView({ features }: PublicManifest, onBack: (row: Row) => void): ChangeView {
  const text = element('span');
  const back = element('button', { type: 'button' }, 'Undo');
  const line = element('p', { class: 'change', hidden: true }, text, ' ', back);
  let from: { readonly row: Row; readonly prediction: Prediction | undefined } | undefined;
  back.addEventListener('click', () => from && onBack(from.row));
  return {
    element: line,
    start(row, prediction) {
      from = { row, prediction };
    },
    show(row, prediction, subject) {
      const changed = features.filter((_, index) => row[index] !== from?.row[index]).map(({ name }) => toWords(name));
      if (changed.length === 0) from = { row, prediction };
      line.hidden = changed.length === 0;
      const before = from?.prediction;
      const change = before && subject.describeChange(subject.read(prediction) - subject.read(before));
      text.textContent = `${change === undefined ? 'You changed' : `${change} since you changed`} ${enumerate(changed)}.`;
    },
  };
}

/** Lists at most three names. Of more, it counts the rest. */
function enumerate(names: readonly string[]): string {
  if (names.length > 3) return `${names.slice(0, 2).join(', ')} and ${names.length - 2} others`;
  const [last = ''] = names.slice(-1);
  return names.length > 1 ? `${names.slice(0, -1).join(', ')} and ${last}` : last;
}
