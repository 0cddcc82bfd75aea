import type { AlarmDefinition, MetricOptions, WidgetMetric } from './template.ts';
import type { Dimensions } from './window.ts';

/** A metric of a widget or of an alarm: a statistic, or an expression of other metrics. */
export interface Metric {
  readonly id?: string;
  readonly label: string;
  readonly isShown: boolean;
  readonly source: { readonly expression: string } | Statistic;
}

export interface Statistic {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Dimensions;
  readonly stat: string;
}

/** Reads a metric of a widget. `standard` is the widget's statistic, for metrics without one of their own. */
export function ofWidget(metric: WidgetMetric, standard: string): Metric {
  const last = metric.at(-1);
  const options: MetricOptions = typeof last === 'object' ? last : {};
  const { id, expression, stat = standard, visible: isShown = true } = options;
  const [namespace = '', name = '', ...pairs] = metric.filter((part) => typeof part === 'string');
  const dimensions = pairs.flatMap((key, index) => (index % 2 === 0 ? [[key, pairs[index + 1] ?? ''] as const] : []));
  const source = expression === undefined ? { namespace, name, dimensions, stat } : { expression };
  return { ...(id && { id }), label: options.label ?? name, isShown, source };
}

/** Reads the metrics of an alarm. The one that is shown is compared with the threshold. */
export function ofAlarm(alarm: AlarmDefinition): Metric[] {
  if (!alarm.Metrics) {
    const stat = alarm.ExtendedStatistic ?? alarm.Statistic ?? '';
    const source = { namespace: alarm.Namespace ?? '', name: alarm.MetricName ?? '', stat };
    const label = `${stat} of ${alarm.MetricName}${alarm.Unit === 'Milliseconds' ? ' (ms)' : ''}`;
    return [{ label, isShown: true, source: { ...source, dimensions: toDimensions(alarm.Dimensions) } }];
  }
  return alarm.Metrics.map(({ Id: id, Label: label = id, Expression: expression, MetricStat, ReturnData = true }) => {
    const { Namespace: namespace = '', MetricName: name = '', Dimensions = [] } = MetricStat?.Metric ?? {};
    const statistic = { namespace, name, dimensions: toDimensions(Dimensions), stat: MetricStat?.Stat ?? '' };
    return { id, label, isShown: ReturnData, source: expression === undefined ? statistic : { expression } };
  });
}

function toDimensions(dimensions: AlarmDefinition['Dimensions'] = []): Dimensions {
  return dimensions.map(({ Name, Value }) => [Name, Value] as const);
}
