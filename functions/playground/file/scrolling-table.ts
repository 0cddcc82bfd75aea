import { element } from '../element.ts';

/**
 * A table that scrolls within the page. The `strong` columns after the first stand out. With `onPress`, the first cell
 * of each row is a button.
 */
export function createScrollingTable(
  name: string,
  header: readonly string[],
  body: readonly (readonly string[])[],
  strong: number,
  onPress?: (row: number) => void,
): HTMLElement {
  const kinds = header.map((_, column) => {
    const isStrong = column > 0 && column <= strong;
    return [isNumeric(body, column) ? 'number' : '', isStrong ? 'strong' : ''].join(' ').trim() || undefined;
  });
  const toCell = (text: string, column: number, row: number) => {
    const isPressed = column === 0 && onPress !== undefined;
    return element('td', { class: kinds[column] }, isPressed ? toButton(text, () => onPress(row)) : text);
  };
  const toHead = (text: string, column: number) => element('th', { class: kinds[column], scope: 'col' }, text);
  const rows = body.map((fields, row) => element('tr', {}, ...fields.map((text, column) => toCell(text, column, row))));
  const table = element(
    'table',
    {},
    element('caption', { class: 'spoken' }, name),
    element('thead', {}, element('tr', {}, ...header.map(toHead))),
    element('tbody', {}, ...rows),
  );
  return element('div', { class: 'scrolling', role: 'region', 'aria-label': name, tabindex: 0 }, table);
}

function toButton(text: string, onPress: () => void): HTMLElement {
  const button = element('button', { type: 'button' }, text);
  button.addEventListener('click', onPress);
  return button;
}

/** Whether a column holds only numbers, as this page or a file writes them. */
function isNumeric(body: readonly (readonly string[])[], column: number): boolean {
  return body.every((fields) =>
    Number.isFinite(Number((fields[column] ?? '').replace(/[<>%,]/g, '').replace('\u2212', '-'))),
  );
}
