import { type Answer, type DataError, Refusal, toSteps, Unreachable } from '../api.ts';
import { element, section } from '../element.ts';
import { count } from '../format.ts';
import { toWords } from '../model.ts';
import type { PredictionView } from './prediction-view.ts';

export interface AnswerPanel {
  readonly element: HTMLElement;
  /** The prediction in one line, for when the panel is out of sight. */
  readonly readout: HTMLElement;
  show(answer: Answer, outOfRange: number): void;
  showProblem(error: unknown): void;
  /** Says that a value is missing, so that what is shown is no answer to the inputs. */
  showIncomplete(): void;
}

const aboutUnusual = 'The scores under "How good it is" say nothing about such a row.';

/** Shows the prediction, and whether it can be relied on. */
export function createAnswerPanel(view: PredictionView): AnswerPanel {
  const status = element('p', { class: 'status', role: 'status' });
  const spoken = element('p', { class: 'spoken', role: 'status' });
  const answer = element('div', { class: 'answer' }, ...view.elements);
  const panel = section('prediction', 'Prediction', answer, status, spoken);
  if (view.caption) panel.querySelector('h2')?.append(element('small', {}, ` ${toWords(view.caption)}`));
  const readout = element('p', { class: 'readout', 'aria-hidden': 'true' });
  const say = createSpeaker(spoken);

  const state = (kind: 'current' | 'unusual' | 'wrong' | 'stale', text: string) => {
    panel.dataset.state = kind;
    readout.dataset.state = kind;
    status.textContent = text;
  };
  return {
    element: panel,
    readout,
    show({ predictions: [prediction] }, outOfRange) {
      if (!prediction) return;
      view.show(prediction);
      const summary = view.summarise(prediction);
      readout.textContent = summary;
      say(summary);
      if (outOfRange === 0) state('current', '');
      else state('unusual', `${count(outOfRange, 'input')} outside the training range. ${aboutUnusual}`);
    },
    showProblem: (error) => state(error instanceof Refusal && error.status < 500 ? 'wrong' : 'stale', toText(error)),
    showIncomplete: () => state('wrong', 'Fill in the missing value to get an answer.'),
  };
}

/** Has screen readers say only the answer at which a slider comes to rest, and not those on its way. */
function createSpeaker(spoken: HTMLElement): (text: string) => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return (text) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      spoken.textContent = text;
    }, 600);
  };
}

function toText(error: unknown): string {
  if (error instanceof Unreachable)
    return 'The server does not answer. This is its last answer. The page tries again every few seconds.';
  if (error instanceof Refusal && error.status >= 500) return `The server failed (${error.status}): ${error.message}.`;
  if (error instanceof Refusal && error.errors.length > 0) return toDataProblem(error.errors);
  return error instanceof Error ? error.message : String(error);
}

/**
 * Describes the problems of a refused row. Problems of a single value are shown beside it, so here they are only
 * counted.
 */
function toDataProblem(errors: readonly DataError[]): string {
  const ofRow = errors.filter(({ pointer }) => toSteps(pointer).length < 2);
  if (ofRow.length > 0) return `Not predicted: ${ofRow.map(({ detail }) => detail).join('; ')}`;
  return `Not predicted: the model does not accept ${count(errors.length, 'input')} as entered.`;
}
