import { element } from '../../../functions/playground/element.ts';
import type { Act, Board } from '../board.ts';
import { formatTime } from './format.ts';

const links = { 'Try the model': '/', 'The API': '/docs', 'Model description': '/model' } as const;

interface Head {
  readonly element: HTMLElement;
  update(board: Board): void;
  /** Says why the page is not updated. An empty text removes the message. */
  complain(problem: string): void;
}

export function createHead(): Head {
  const title = element('h1', {}, 'Local dashboard');
  const note = element('p');
  const status = element('p', { class: 'status', role: 'status' });
  const acts = element('ol', { class: 'acts' });
  const list = Object.entries(links).map(([words, href]) => element('a', { href }, words));
  return {
    element: element(
      'header',
      {},
      element('div', { class: 'top' }, title, element('nav', {}, ...list)),
      note,
      status,
      acts,
    ),
    update(board) {
      document.title = `${board.model} · local dashboard`;
      title.textContent = board.model;
      note.textContent = toNote(board);
      const now = (board.times.at(-1) ?? 0) + board.periodSeconds;
      acts.replaceChildren(...toRound(board).map((act) => drawAct(act, now)));
    },
    complain(problem) {
      if (status.textContent !== problem) status.textContent = problem;
    },
  };
}

function toNote({ speed, periodSeconds, times, acts }: Board): string {
  const clock = `Time runs ${speed} times as fast as in CloudWatch: ${periodSeconds} s here stand for ${(periodSeconds * speed) / 60} minutes there, and ${3600 / speed} s for an hour.`;
  const span = `The last ${(times.length * periodSeconds) / 60} minutes of this server, shown in the widgets and alarms of template.yaml.`;
  return acts.length > 0 ? `A demo. ${span} ${clock}` : `${span} ${clock}`;
}

/** Returns the acts of the latest round. A demo repeats its acts in rounds. */
function toRound({ acts }: Board): readonly Act[] {
  const first = acts.findLastIndex(({ title }) => title === acts[0]?.title);
  return acts.slice(Math.max(0, first));
}

function drawAct({ title, text, start, end }: Act, now: number): HTMLElement {
  const isNow = start <= now && now < end;
  const when = isNow ? 'now' : now < start ? `in ${Math.round(start - now)} s` : `at ${formatTime(start)}`;
  const attributes = isNow ? { class: 'now', 'aria-current': 'true' } : {};
  return element('li', attributes, element('b', {}, title), ` ${when}. ${text}`);
}

/** Returns the number that an act has in the page's head. The marks in the charts use the same number. */
export function numberOf(board: Board, act: Act): number {
  return toRound(board).findIndex(({ title }) => title === act.title) + 1;
}
