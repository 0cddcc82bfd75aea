import { toName } from '../core/model/classes.ts';
import { element } from './element.ts';
import { formatNumber } from './format.ts';
import { type Prediction, type PublicManifest, type Row, withUnit } from './model.ts';

const most = 12;

/** The examples of model.json, each named by its answer. */
export function createPresets({ examples, target }: PublicManifest, onChoose: (row: Row) => void): HTMLElement {
  const rows = examples.flatMap(({ instances, predictions }) =>
    instances.map((row, index) => ({ row: row as Row, prediction: predictions[index] as Prediction })),
  );
  const buttons = rows.slice(0, most).map(({ row, prediction }) => {
    const answer =
      'value' in prediction ? withUnit(formatNumber(prediction.value), target.unit) : toName(prediction.label);
    const button = element('button', { type: 'button' }, answer);
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
