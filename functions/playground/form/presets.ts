import { toTitle } from '../answer/naming.ts';
import { element } from '../element.ts';
import type { Prediction, PublicManifest, Row } from '../model.ts';

const most = 12;

/** The examples of model.json, each named by its answer. */
export function createPresets(manifest: PublicManifest, onChoose: (row: Row) => void): HTMLElement {
  const { examples } = manifest;
  const rows = examples.flatMap(({ instances, predictions }) =>
    instances.map((row, index) => ({ row: row as Row, prediction: predictions[index] as Prediction })),
  );
  const buttons = rows.slice(0, most).map(({ row, prediction }) => {
    const button = element('button', { type: 'button' }, toTitle(prediction, manifest));
    button.addEventListener('click', () => onChoose(row));
    return button;
  });
  return element(
    'div',
    { class: 'presets', role: 'group', 'aria-label': 'Examples' },
    element('span', {}, 'Examples'),
    ...buttons,
  );
}

export function firstExample({ examples }: PublicManifest): Row {
  return (examples[0]?.instances[0] ?? []) as Row;
}
