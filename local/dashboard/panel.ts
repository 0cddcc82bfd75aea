import { toHistory } from './alarm.ts';
import type { Content, Figure, Panel, Series } from './board.ts';
import { draw } from './draw.ts';
import { fold } from './fold.ts';
import { ofWidget } from './metric.ts';
import type { Monitoring, Widget } from './template.ts';
import { type Periods, type SampleIndex, Window } from './window.ts';

/** The seconds of a period. They are far fewer than in CloudWatch, so that requests show in the charts at once. */
export const periodSeconds = 5;
export const periodCount = 36;
/** Five minutes of CloudWatch are one period here, and an hour is a minute. */
export const speed = 60;

/** Returns the periods that the charts show. The last one has just ended at `now`, in milliseconds since 1970. */
export function toPeriods(now: number): Periods {
  const end = Math.floor(now / 1000 / periodSeconds) * periodSeconds;
  const firstEnd = end - (periodCount - 1) * periodSeconds;
  return { firstEnd, count: periodCount, step: periodSeconds, seconds: periodSeconds };
}

interface Drawn {
  readonly content: Content;
  readonly problems: readonly string[];
  readonly unmeasured?: readonly string[];
}

/** Draws a widget for the page. Also returns the labels of its metrics that are not measured here. */
export function toPanel(
  { type, properties, ...place }: Widget,
  alarms: Monitoring['alarms'],
  samples: SampleIndex,
  periods: Periods,
): { readonly panel: Panel; readonly unmeasured: readonly string[] } {
  const drawn =
    type === 'alarm'
      ? drawAlarms(properties, alarms, samples, periods)
      : type === 'metric'
        ? drawMetrics(properties, samples, periods)
        : nothing(`A widget of the kind ${type} is not drawn here.`);
  const { content, problems, unmeasured = [] } = drawn;
  return { panel: { title: properties.title ?? type, place, content, problems }, unmeasured };
}

function nothing(problem: string): Drawn {
  return { content: { kind: 'none' }, problems: [problem] };
}

function drawAlarms(
  { alarms: named = [] }: Widget['properties'],
  alarms: Monitoring['alarms'],
  samples: SampleIndex,
  periods: Periods,
): Drawn {
  const histories = named.flatMap((arn) => {
    const id = arn.replace(/\.Arn$/, '');
    const alarm = alarms.get(id);
    return alarm ? [toHistory(toWords(id), alarm, samples, { periods, speed })] : [];
  });
  return { content: { kind: 'alarms', alarms: histories }, problems: [] };
}

/** Converts `ErrorRateAlarm` to `Error rate`. */
function toWords(id: string): string {
  const [first = '', ...others] = id.replace(/Alarm$/, '').split(/(?=[A-Z])/);
  return [first, ...others.map((word) => word.toLowerCase())].join(' ');
}

function drawMetrics(
  { view = 'timeSeries', ...properties }: Widget['properties'],
  samples: SampleIndex,
  periods: Periods,
): Drawn {
  const { metrics = [], stat = 'Average', stacked = false } = properties;
  const all = metrics.map((metric) => ofWidget(metric, stat));
  if (view === 'timeSeries') {
    const { series, ...rest } = draw(all, new Window(samples, periods));
    const unit = toLocal(properties.yAxis?.left?.label ?? '');
    const thresholds = properties.annotations?.horizontal ?? [];
    return { content: { kind: 'chart', chart: { unit, series: fold(series, stacked), stacked, thresholds } }, ...rest };
  }
  if (view !== 'singleValue' && view !== 'bar') return nothing(`The view ${view} is not drawn here.`);
  const { series, ...rest } = draw(all, new Window(samples, toWhole(periods)));
  if (view === 'bar') return { content: { kind: 'bars', bars: fold(series, true).map(toFigure) }, ...rest };
  return { content: { kind: 'figures', figures: series.map(toFigure) }, ...rest };
}

/** Returns one period that spans all periods. */
function toWhole({ firstEnd, count, step, seconds }: Periods): Periods {
  const whole = seconds + (count - 1) * step;
  return { firstEnd: firstEnd - seconds + whole, count: 1, step: whole, seconds: whole };
}

function toFigure({ label, values: [value = null] }: Series): Figure {
  return { label, value };
}

/** Replaces the period in a label of the template by the local one. */
function toLocal(label: string): string {
  return label.replace(/per 5 minutes/, `per ${periodSeconds} s`);
}
