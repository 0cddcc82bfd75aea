import type { AlarmHistory, AlarmState } from './board.ts';
import { draw } from './draw.ts';
import { ofAlarm } from './metric.ts';
import type { AlarmDefinition } from './template.ts';
import { type Periods, type SampleIndex, Window } from './window.ts';

const comparisons: Readonly<Record<string, [words: string, holds: (value: number, threshold: number) => boolean]>> = {
  GreaterThanThreshold: ['above', (value, threshold) => value > threshold],
  GreaterThanOrEqualToThreshold: ['at or above', (value, threshold) => value >= threshold],
  LessThanThreshold: ['below', (value, threshold) => value < threshold],
  LessThanOrEqualToThreshold: ['at or below', (value, threshold) => value <= threshold],
};

/**
 * Computes the state that CloudWatch would give an alarm at the end of each period. The state differs from CloudWatch's
 * for a period without data: CloudWatch shows OK then if the alarm treats missing data as not breaching, and this page
 * shows `no data`. Here, `speed` seconds of CloudWatch are one second.
 */
export function toHistory(
  name: string,
  alarm: AlarmDefinition,
  samples: SampleIndex,
  { periods, speed }: { readonly periods: Periods; readonly speed: number },
): AlarmHistory {
  const { AlarmDescription: description, ComparisonOperator: operator, TreatMissingData: missing } = alarm;
  const seconds = Math.max(...periodsOf(alarm)) / speed;
  const threshold = Number(alarm.Threshold);
  const [words, holds] = comparisons[operator] ?? [operator, () => false];
  const { series } = draw(ofAlarm(alarm), new Window(samples, { ...periods, seconds }));
  const [{ label, values } = { label: '', values: [] }] = series;
  const judge = (value: number | null): AlarmState => {
    if (value === null) return missing === 'breaching' ? 'in alarm' : 'no data';
    return holds(value, threshold) ? 'in alarm' : 'OK';
  };
  return { name, description, label, seconds, comparison: words, threshold, values, states: values.map(judge) };
}

function periodsOf({ Period, Metrics = [] }: AlarmDefinition): number[] {
  return [Period, ...Metrics.map(({ MetricStat }) => MetricStat?.Period)].map((seconds) => Number(seconds ?? 0));
}
