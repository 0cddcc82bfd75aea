import { toNames } from '../../core/model/classes.ts';
import { element } from '../element.ts';
import { count, formatCount, formatName, formatShare } from '../format.ts';
import type { PublicManifest } from '../model.ts';

/** A table of more classes cannot be read, so the most frequent confusions are listed instead. */
const mostClasses = 12;
const mostListed = 10;

type Counts = readonly (readonly number[])[];

/** Shows which labels the rows of each class got. Undefined if that was not measured. */
export function createConfusionView(manifest: PublicManifest) {
  const counts = manifest.metrics.confusion?.counts;
  if (!counts || !('classes' in manifest)) return undefined;
  const names = toNames(manifest.classes).map(formatName);
  const rows = counts.flat().reduce((sum, number) => sum + number, 0);
  const right = counts.reduce((sum, row, index) => sum + (row[index] ?? 0), 0);
  const view = element(
    'div',
    { class: 'confusion' },
    element('h3', {}, 'Right and wrong'),
    element(
      'p',
      {},
      `Of ${count(rows, 'row')} that the model was measured on, ${formatCount(right)} got the right label.`,
    ),
    names.length > mostClasses ? toList(counts, names) : toTable(counts, names),
  );
  return { element: view, show: () => {} };
}

function toTable(counts: Counts, names: readonly string[]): HTMLElement {
  const head = names.map((name) => element('th', { scope: 'col' }, name));
  const body = counts.map((row, index) => {
    const all = row.reduce((sum, number) => sum + number, 0);
    const cells = row.map((number, column) => toCell(number, all, column === index));
    return element('tr', {}, element('th', { scope: 'row' }, names[index] ?? ''), ...cells);
  });
  const corner = element('td', { class: 'aside' }, 'actual \u2193 \u00A0 predicted \u2192');
  const table = element(
    'table',
    { class: 'confusion-table' },
    element('caption', { class: 'spoken' }, 'Rows by their class, and by the label that the model gave them'),
    element('thead', {}, element('tr', {}, corner, ...head)),
    element('tbody', {}, ...body),
  );
  return element(
    'div',
    { class: 'scrolling', role: 'region', 'aria-label': 'Right and wrong labels', tabindex: 0 },
    table,
  );
}

/**
 * Writes a count. The larger its share of the class, the stronger its colour. Right labels have another colour than
 * wrong ones.
 */
function toCell(number: number, all: number, isRight: boolean): HTMLElement {
  const share = all > 0 ? number / all : 0;
  const cell = element('td', { class: isRight ? 'right-label' : 'wrong-label' }, formatCount(number));
  cell.style.setProperty('--share', `${Math.round(share * 100)}%`);
  cell.title = all > 0 ? `${formatShare(share)} of this class` : '';
  return cell;
}

function toList(counts: Counts, names: readonly string[]): HTMLElement {
  const confusions = counts.flatMap((row, is) => {
    const all = row.reduce((sum, number) => sum + number, 0);
    return row.flatMap((number, taken) => (taken === is || number === 0 ? [] : [{ is, taken, number, all }]));
  });
  const items = confusions
    .toSorted((a, b) => b.number - a.number)
    .slice(0, mostListed)
    .map(({ is, taken, number, all }) =>
      element('li', {}, `${names[is]} predicted as ${names[taken]}: ${formatCount(number)} of ${formatCount(all)}`),
    );
  return element('ol', { class: 'confusion-list' }, ...items);
}
