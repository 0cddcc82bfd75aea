import { element } from './element.ts';

/** A table that scrolls within the page; `strong` columns after the first stand out. */
export function createScrollingTable(
  name: string,
  header: readonly string[],
  body: readonly (readonly string[])[],
  strong: number,
): HTMLElement {
  const kinds = header.map((_, column) => {
    const isStrong = column > 0 && column <= strong;
    return [isNumeric(body, column) ? 'number' : '', isStrong ? 'strong' : ''].join(' ').trim() || undefined;
  });
  const toCell = (text: string, column: number) => element('td', { class: kinds[column] }, text);
  const toHead = (text: string, column: number) => element('th', { class: kinds[column], scope: 'col' }, text);
  const rows = body.map((fields) => element('tr', {}, ...fields.map(toCell)));
  const table = element(
    'table',
    {},
    element('caption', { class: 'spoken' }, name),
    element('thead', {}, element('tr', {}, ...header.map(toHead))),
    element('tbody', {}, ...rows),
  );
  return element('div', { class: 'scrolling', role: 'region', 'aria-label': name, tabindex: 0 }, table);
}

/** Whether a column holds nothing but numbers, as they are written here and in files. */
function isNumeric(body: readonly (readonly string[])[], column: number): boolean {
  return body.every((fields) =>
    Number.isFinite(Number((fields[column] ?? '').replace(/[<>%,]/g, '').replace('\u2212', '-'))),
  );
}
