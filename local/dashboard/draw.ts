import type { Series } from './board.ts';
import { evaluate, type Term } from './expression.ts';
import { isMeasured } from './front.ts';
import type { Metric, Statistic } from './metric.ts';
import type { Window } from './window.ts';

export interface Drawing {
  readonly series: readonly Series[];
  /** The labels of metrics that only AWS can measure. */
  readonly unmeasured: readonly string[];
  /** Why some metrics cannot be drawn. */
  readonly problems: readonly string[];
}

/** Computes the values of the visible metrics in the periods of the window. */
export function draw(metrics: readonly Metric[], window: Window): Drawing {
  const termOf = createTerms(metrics, window);
  const drawing = { series: [] as Series[], unmeasured: [] as string[], problems: [] as string[] };
  for (const { label, source } of metrics.filter(({ isShown }) => isShown)) {
    if ('name' in source && !isMeasured(source)) drawing.unmeasured.push(label);
    else {
      try {
        drawing.series.push(...toSeries(label, source, termOf, window));
      } catch (error) {
        drawing.problems.push(`${label}: ${(error as Error).message}.`);
      }
    }
  }
  return drawing;
}

/**
 * Returns a function that computes the metric with an id when it is first needed, so that metrics may be in any order.
 */
function createTerms(metrics: readonly Metric[], window: Window): (id: string) => Term {
  const terms = new Map<string, Term>();
  const termOf = (id: string): Term => {
    const known = terms.get(id);
    if (known !== undefined) return known;
    const metric = metrics.find((some) => some.id === id);
    if (!metric) throw new Error(`it is computed from ${id}, but no metric has this id`);
    const term = toTerm(metric.source, termOf, window);
    terms.set(id, term);
    return term;
  };
  return termOf;
}

function toTerm(source: Metric['source'], termOf: (id: string) => Term, window: Window): Term {
  if ('expression' in source) return evaluate(source.expression, { termOf, periodSeconds: window.periods.seconds });
  const { namespace, name, dimensions, stat } = source;
  return window.values(namespace, name, dimensions, stat);
}

function toSeries(
  label: string,
  source: Metric['source'],
  termOf: (id: string) => Term,
  window: Window,
): readonly Series[] {
  if ('expression' in source && source.expression.startsWith('SEARCH(')) {
    return search(source.expression, window).map(({ value, statistic }) => ({
      label: label.replace(/\$\{PROP\('Dim\.\w+'\)\}/, value),
      values: window.values(statistic.namespace, statistic.name, statistic.dimensions, statistic.stat),
    }));
  }
  const term = toTerm(source, termOf, window);
  const values = typeof term === 'number' ? new Array<number>(window.periods.count).fill(term) : term;
  return [{ label, values }];
}

/** Finds one metric for each value of the dimension that the search leaves open. */
function search(expression: string, window: Window): { value: string; statistic: Statistic }[] {
  const [, schema = '', filters = '', stat = ''] =
    /^SEARCH\('\{([^}]+)\} ([^']*)', '(\w+)'(?:, \d+)?\)$/.exec(expression) ?? [];
  const [namespace = '', ...names] = schema.split(',');
  const wanted = Array.from(filters.matchAll(/(\w+)="([^"]*)"/g), ([, key = '', value = '']) => [key, value] as const);
  const name = wanted.find(([key]) => key === 'MetricName')?.[1];
  if (!name) throw new Error(`cannot read ${expression}`);
  const fixed = wanted.filter(([key]) => key !== 'MetricName');
  const [open = ''] = names.filter((some) => !fixed.some(([key]) => key === some));
  return window.dimensionValues(namespace, name, open).map((value) => {
    return { value, statistic: { namespace, name, dimensions: [...fixed, [open, value] as const], stat } };
  });
}
