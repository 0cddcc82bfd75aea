import { element } from '../element.ts';
import { type PublicManifest, toWords } from '../model.ts';
import { type Account, type Explained, rank, toAccount } from './explanation.ts';
import { hasNumbers, type Subject } from './subjects.ts';
import { createWhyBar } from './why-bar.ts';
import { type Push, toPushes } from './why-pushes.ts';

const mostListed = 5;
const mostInSight = 8;

export interface WhyView {
  readonly element: HTMLElement;
  show(explained: Explained, subject: Subject): void;
  /** Marks what is shown as the explanation of another row than the present one. */
  setStale(isStale: boolean): void;
  showProblem(error: unknown): void;
}

/** Says why there are no explanations; undefined if there are some. */
export function whyNoReasons(manifest: PublicManifest): string | undefined {
  if (!hasNumbers(manifest)) return 'This model answers with labels and no numbers, so there is nothing to explain.';
  if (manifest.explanations) return undefined;
  return 'This package was made without explanations. Export the model again, and see its summary.';
}

/**
 * Shows a bar beside each input, a list of the strongest ones, and the numbers from which the bars start and to which
 * they lead.
 */
export function createWhyView(places: ReadonlyMap<string, Element>, choice: HTMLElement): WhyView {
  const summary = element('p', { class: 'why-summary' });
  const list = element('ol', { class: 'why-list', 'aria-label': 'The strongest reasons' });
  const method = element('p', { class: 'aside' });
  const view = element('div', { class: 'why' }, element('h3', {}, 'Why'), choice, summary, list, method);
  // The bars of few inputs are all in sight, so a list would repeat them.
  const isListed = places.size > mostInSight;
  const bars = Array.from(places, ([name, place]) => {
    const bar = createWhyBar();
    place.append(bar.element);
    return { name, bar };
  });
  const showBars = (pushes: ReadonlyMap<string, Push>) => {
    for (const { name, bar } of bars) bar.show(pushes.get(name));
  };
  return {
    element: view,
    show(explained, subject) {
      const account = toAccount(explained, subject);
      const pushes = toPushes(account, subject);
      showBars(pushes);
      summary.replaceChildren(...summarise(account, subject.read(explained), subject));
      list.replaceChildren(...(isListed ? toItems(account, pushes) : []));
      method.textContent = describe(explained, subject);
    },
    setStale: (isStale) => document.body.classList.toggle('why-stale', isStale),
    showProblem(error) {
      showBars(new Map());
      summary.textContent = `There is no explanation: ${error instanceof Error ? error.message : String(error)}.`;
      list.replaceChildren();
      method.textContent = '';
    },
  };
}

/** The number from which the bars start, and the one to which they lead. */
function summarise({ base }: Account, answer: number, subject: Subject): (string | Node)[] {
  const what = subject.name === '' ? '' : `, ${subject.name}`;
  const strong = (text: string) => element('b', {}, text);
  return [`On average${what}: `, strong(subject.format(base)), '. This row: ', strong(subject.format(answer)), '.'];
}

function toItems(account: Account, pushes: ReadonlyMap<string, Push>): HTMLElement[] {
  return rank(account)
    .slice(0, mostListed)
    .map(([name]) => {
      const bar = createWhyBar();
      bar.show(pushes.get(name));
      return element('li', {}, element('span', { class: 'why-name', title: name }, toWords(name)), bar.element);
    });
}

function describe({ method: { background, pairs } }: Explained, { unit }: Subject): string {
  const measure = unit === '' ? '' : `, in${unit}${unit === ' points' ? ' (percent of probability)' : ''}`;
  const how =
    pairs === undefined
      ? 'exact'
      : `estimated from ${pairs} pairs of orders of the inputs; the thin lines are standard errors`;
  return `Bars: what each input adds or takes away${measure}, compared with ${background} other rows (Shapley values, ${how}).`;
}
