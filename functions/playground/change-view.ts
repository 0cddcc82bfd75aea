import { element } from './element.ts';
import { type Prediction, type PublicManifest, type Row, toWords } from './model.ts';
import type { Subject } from './subjects.ts';

export interface ChangeView {
  readonly element: HTMLElement;
  /** What later rows are compared with; where its answer is not known, the next one that is shown. */
  start(row: Row, prediction: Prediction | undefined): void;
  show(row: Row, prediction: Prediction, subject: Subject): void;
}

/** What the changes since an example have done to the answer, and the way back. */
export function createChangeView({ features }: PublicManifest, onBack: (row: Row) => void): ChangeView {
  const text = element('span');
  const back = element('button', { type: 'button' }, 'Undo');
  const line = element('p', { class: 'change', hidden: true }, text, ' ', back);
  let from: { readonly row: Row; readonly prediction: Prediction } | undefined;
  back.addEventListener('click', () => from && onBack(from.row));
  return {
    element: line,
    start(row, prediction) {
      from = prediction && { row, prediction };
    },
    show(row, prediction, subject) {
      from ??= { row, prediction };
      const changed = features.filter((_, index) => row[index] !== from?.row[index]).map(({ name }) => toWords(name));
      line.hidden = changed.length === 0;
      const change = subject.read(prediction) - subject.read(from.prediction);
      const what = subject.name === '' ? '' : ` for ${subject.name}`;
      text.textContent = `${subject.formatChange(change)}${subject.unit}${what} since you changed ${enumerate(changed)}.`;
    },
  };
}

/** Three at most. */
function enumerate(names: readonly string[]): string {
  if (names.length > 3) return `${names.slice(0, 2).join(', ')} and ${names.length - 2} others`;
  const [last = ''] = names.slice(-1);
  return names.length > 1 ? `${names.slice(0, -1).join(', ')} and ${last}` : last;
}
