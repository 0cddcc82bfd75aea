import { element } from '../element.ts';
import { type Feature, toWords } from '../model.ts';
import type { Plane } from './grid.ts';

/** Two lists of the features that can lie along a side. Choosing the feature of the other list swaps both. */
export function createSideChoice(features: readonly Feature[], sides: readonly number[], onChange: () => void) {
  const [across, up] = [createList(features, sides), createList(features, sides)];
  let plane: Plane = { x: sides[0] ?? 0, y: sides[1] ?? sides[0] ?? 0 };
  const write = (chosen: Plane) => {
    plane = chosen;
    across.selectedIndex = sides.indexOf(chosen.x);
    up.selectedIndex = sides.indexOf(chosen.y);
  };
  across.addEventListener('change', () => {
    const x = sides[across.selectedIndex] ?? plane.x;
    write({ x, y: x === plane.y ? plane.x : plane.y });
    onChange();
  });
  up.addEventListener('change', () => {
    const y = sides[up.selectedIndex] ?? plane.y;
    write({ y, x: y === plane.x ? plane.y : plane.x });
    onChange();
  });
  write(plane);
  const labels = [element('label', {}, 'Across ', across), element('label', {}, 'Up ', up)];
  return {
    element: element('div', { class: 'map-choices', hidden: sides.length < 3 }, ...labels),
    read: () => plane,
    write,
  };
}

function createList(features: readonly Feature[], sides: readonly number[]): HTMLSelectElement {
  return element('select', {}, ...sides.map((side) => element('option', {}, toWords(features[side]?.name ?? ''))));
}
