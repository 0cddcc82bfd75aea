import { toName } from '../core/model/classes.ts';
import { targetsOf } from '../core/model/outputs.ts';
import { element } from './element.ts';
import { formatName, formatNumber } from './format.ts';
import { type Prediction, type PublicManifest, type Row, withUnit } from './model.ts';
import { toPart } from './views.ts';

const most = 12;

/** The examples of model.json, each named by its answer. */
export function createPresets(manifest: PublicManifest, onChoose: (row: Row) => void): HTMLElement {
  const { examples } = manifest;
  const rows = examples.flatMap(({ instances, predictions }) =>
    instances.map((row, index) => ({ row: row as Row, prediction: predictions[index] as Prediction })),
  );
  const buttons = rows.slice(0, most).map(({ row, prediction }) => {
    const button = element('button', { type: 'button' }, toAnswer(prediction, manifest));
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

/** Labels, or values; of several targets one after the other. */
function toAnswer(prediction: Prediction, manifest: PublicManifest): string {
  if ('label' in prediction) return formatName(toName(prediction.label));
  const answers = targetsOf(manifest).map(({ name, unit }) => {
    const { label, value } = toPart(prediction, name);
    return 'labels' in prediction ? formatName(label) : withUnit(formatNumber(value), unit);
  });
  return answers.join(', ');
}

export function firstExample({ examples }: PublicManifest): Row {
  return (examples[0]?.instances[0] ?? []) as Row;
}
