import { element } from '../../../functions/playground/element.ts';
import type { AlarmHistory, AlarmState, Board } from '../board.ts';
import { formatNumber, splitUnit } from './format.ts';

/** A sign for each state, for people who cannot tell the colours apart. */
const signs: Readonly<Record<AlarmState, string>> = { OK: '✓', 'in alarm': '▲', 'no data': '–' };
const classes: Readonly<Record<AlarmState, string>> = { OK: 'ok', 'in alarm': 'wrong', 'no data': 'none' };

export function drawAlarms(alarms: readonly AlarmHistory[], board: Board): HTMLElement {
  return element('ul', { class: 'alarms' }, ...alarms.map((alarm) => drawAlarm(alarm, board)));
}

function drawAlarm(alarm: AlarmHistory, board: Board): HTMLElement {
  const state = alarm.states.at(-1) ?? 'no data';
  const { name, unit } = splitUnit(alarm.label);
  const value = formatNumber(alarm.values.at(-1));
  const limit = `${alarm.comparison} ${formatNumber(alarm.threshold)}\u00a0${unit}`.trim();
  // The description ends with a reference to the runbook.
  const [what = '', runbook = ''] = alarm.description.split(/\.? See /);
  return element(
    'li',
    { class: classes[state] },
    element('h3', {}, alarm.name),
    element('p', { class: 'state' }, element('span', { 'aria-hidden': 'true' }, signs[state]), ` ${state}`),
    element('p', {}, `${name}: ${value}${value === '–' ? '' : `\u00a0${unit}`}`.trim()),
    element('p', { class: 'aside' }, `alarm ${limit}, over ${alarm.seconds} s`),
    drawStrip(alarm, board),
    element('p', { class: 'aside' }, `${what}. ${runbook}`),
  );
}

/** Draws a strip with a cell for each period, coloured by the alarm's state at its end. */
function drawStrip({ states }: AlarmHistory, { periodSeconds }: Board): HTMLElement {
  const seconds = states.filter((state) => state === 'in alarm').length * periodSeconds;
  const label = `In alarm for ${seconds} of the last ${states.length * periodSeconds} s`;
  const cells = states.map((state) => element('i', { class: classes[state] }));
  return element('div', { class: 'strip', role: 'img', 'aria-label': label, title: label }, ...cells);
}
