import type { Panel, Series } from './chart.ts';
import { evaluate, type Term } from './expression.ts';
import type { Sample } from './samples.ts';
import { toStatistic } from './statistic.ts';
import type { MetricOptions, Widget, WidgetMetric } from './template.ts';

/** CloudWatch's periods are minutes and hours: here something is to be seen at once. */
export const periodSeconds = 5;
export const periods = 60;

export function toPanel({ type, properties, ...place }: Widget, samples: readonly Sample[], now: number): Panel {
  const { title = '', markdown, alarms = [] } = properties;
  const panel = { title, place, missing: [] };
  if (type === 'text') return { ...panel, text: markdown ?? '' };
  if (type === 'alarm') {
    const names = alarms.map((arn) => arn.replace(/\.Arn$/, '')).join(', ');
    return { ...panel, missing: [`Alarms are CloudWatch's to judge: ${names}.`] };
  }
  if (type !== 'metric')
    return { ...panel, title: title || type, missing: [`A widget of the kind ${type} is not drawn here.`] };
  if ((properties.view ?? 'timeSeries') !== 'timeSeries') {
    return { ...panel, missing: [`The view ${properties.view} is not drawn here.`] };
  }
  return { ...panel, ...drawMetrics(properties, new Window(samples, now)) };
}

type Drawn = Pick<Panel, 'chart' | 'missing'>;

function drawMetrics({ metrics = [], stat = 'Average', ...properties }: Widget['properties'], window: Window): Drawn {
  const drawing: Drawing = { terms: new Map(), series: [], missing: new Map() };
  for (const metric of metrics) addMetric(drawing, metric, stat, window);
  const axes = Object.entries(properties.yAxis ?? {}).map(([side, axis]) => [side, toLocal(axis?.label ?? '')]);
  return {
    chart: {
      times: window.times,
      series: drawing.series,
      axes: Object.fromEntries(axes),
      stacked: properties.stacked ?? false,
      thresholds: properties.annotations?.horizontal ?? [],
    },
    missing: Array.from(drawing.missing, ([reason, labels]) => `${labels.join(', ')}: ${reason}.`),
  };
}

/** A widget as far as its metrics were drawn. */
interface Drawing {
  /** By id. */
  readonly terms: Map<string, Term>;
  readonly series: Series[];
  /** Labels of what is not drawn, by the reason. */
  readonly missing: Map<string, string[]>;
}

function addMetric({ terms, series, missing }: Drawing, metric: WidgetMetric, stat: string, window: Window): void {
  const { id, label = 'A metric', visible = true } = optionsOf(metric);
  try {
    const drawn = drawMetric(metric, stat, terms, window);
    if (id && drawn[0]) terms.set(id, drawn[0].values);
    if (visible) series.push(...drawn);
  } catch (error) {
    const reason = (error as Error).message;
    if (visible) missing.set(reason, [...(missing.get(reason) ?? []), label]);
  }
}

/** The periods of the template are others. */
function toLocal(label: string): string {
  return label.replace(/per (5 minutes|hour)/, `per ${periodSeconds} s`);
}

function optionsOf(metric: WidgetMetric): MetricOptions {
  const last = metric.at(-1);
  return typeof last === 'object' ? last : {};
}

function drawMetric(
  metric: WidgetMetric,
  standard: string,
  terms: ReadonlyMap<string, Term>,
  window: Window,
): Series[] {
  const { expression, label, stat = standard, yAxis: axis = 'left' } = optionsOf(metric);
  if (expression?.startsWith('SEARCH(')) return search(expression, label ?? '', axis, window);
  if (expression !== undefined) {
    const term = evaluate(expression, { terms, periodSeconds });
    return [
      { label: label ?? expression, axis, values: typeof term === 'number' ? window.times.map(() => term) : term },
    ];
  }
  const [namespace = '', name = '', ...pairs] = metric.filter((part) => typeof part === 'string');
  if (namespace.startsWith('AWS/')) throw new Error(`${namespace} measures it once this is deployed`);
  const dimensions = pairs.flatMap((key, index) => (index % 2 === 0 ? [[key, pairs[index + 1] ?? ''] as const] : []));
  return [{ label: label ?? name, axis, values: window.values(namespace, name, dimensions, stat) }];
}

/** A line for each value of the dimension that the search leaves open. */
function search(expression: string, label: string, axis: Series['axis'], window: Window): Series[] {
  const [, schema = '', filters = '', stat = ''] =
    /^SEARCH\('\{([^}]+)\} ([^']*)', '(\w+)', \d+\)$/.exec(expression) ?? [];
  const [namespace = '', ...names] = schema.split(',');
  const wanted = Array.from(filters.matchAll(/(\w+)="([^"]*)"/g), ([, key = '', value = '']) => [key, value] as const);
  const metric = wanted.find(([key]) => key === 'MetricName')?.[1];
  if (!metric) throw new Error(`cannot read ${expression}`);
  const fixed = wanted.filter(([key]) => key !== 'MetricName');
  const [open = ''] = names.filter((name) => !fixed.some(([key]) => key === name));
  const found = window.dimensionValues(namespace, metric, open);
  return found.map((value) => ({
    label: label.replace(/\$\{PROP\('Dim\.\w+'\)\}/, value),
    axis,
    values: window.values(namespace, metric, [...fixed, [open, value]], stat),
  }));
}

/** The last minutes, in periods. */
class Window {
  readonly times: readonly number[];
  readonly #samples: readonly Sample[];

  constructor(samples: readonly Sample[], now: number) {
    const end = Math.floor(now / 1000 / periodSeconds);
    this.times = Array.from({ length: periods }, (_, index) => (end - periods + 1 + index) * periodSeconds);
    this.#samples = samples;
  }

  values(namespace: string, name: string, dimensions: readonly (readonly [string, string])[], stat: string) {
    const statistic = toStatistic(stat);
    if (!statistic) throw new Error(`the statistic ${stat} is not known here`);
    const fits = (sample: Sample) =>
      Object.keys(sample.dimensions).length === dimensions.length &&
      dimensions.every(([key, value]) => sample.dimensions[key] === value);
    const byPeriod = new Map<number, number[]>();
    for (const { time, value } of this.#of(namespace, name).filter(fits)) {
      const period = Math.floor(time / 1000 / periodSeconds) * periodSeconds;
      byPeriod.set(period, [...(byPeriod.get(period) ?? []), value]);
    }
    return this.times.map((time) => {
      const values = byPeriod.get(time);
      return values ? statistic(values) : null;
    });
  }

  dimensionValues(namespace: string, name: string, dimension: string): string[] {
    const values = this.#of(namespace, name).flatMap(({ dimensions }) => dimensions[dimension] ?? []);
    return [...new Set(values)].sort();
  }

  #of(namespace: string, name: string): readonly Sample[] {
    return this.#samples.filter((sample) => sample.namespace === namespace && sample.name === name);
  }
}
