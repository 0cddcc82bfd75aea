import type { Resource, Template } from './cloudformation.ts';

/** A metric as a widget, an alarm or a search names it. */
export interface MetricReference {
  namespace: string;
  metric: string;
  /** The names of the dimensions, sorted. */
  dimensions: string[];
  /** Only if the template states one. */
  unit?: string;
  /** The logical id of the alarm, or the title of the widget. */
  where: string;
}

/** Returns every metric that the template's alarms and dashboard name, also in SEARCH expressions of metric math. */
export function readMetricReferences(template: Template): MetricReference[] {
  const alarms = ofType(template, 'AWS::CloudWatch::Alarm').flatMap(([name, resource]) =>
    metricsOfAlarm(name, resource),
  );
  return [...alarms, ...readWidgets(template).flatMap(metricsOfWidget)];
}

/** Returns the ids in metric-math expressions that no metric or expression of the same alarm or widget has. */
export function unknownIds(template: Template): string[] {
  const alarms = ofType(template, 'AWS::CloudWatch::Alarm').map(([, { Properties }]): MathTerm[] =>
    (Properties.Metrics ?? []).map(({ Id, Expression }: AlarmMetric) => ({ id: Id, expression: Expression })),
  );
  const widgets = readWidgets(template).map(({ properties }) => (properties.metrics ?? []).map(optionsOf));
  return [...alarms, ...widgets].flatMap((terms) => {
    const ids = new Set(terms.map(({ id }) => id));
    return terms.flatMap(({ expression = '' }) => idsIn(expression)).filter((id) => !ids.has(id));
  });
}

/** A division in metric math of an alarm or a widget: Sepal's metrics in the numerator and in the denominator. */
export interface Ratio {
  where: string;
  /** The numerator's metrics that the denominator does not have. */
  above: string[];
  /** The denominator's metrics. */
  below: string[];
}

/** Returns every division in metric math whose denominator has one of Sepal's metrics. */
export function readRatios(template: Template): Ratio[] {
  const alarms = ofType(template, 'AWS::CloudWatch::Alarm').map(([where, { Properties }]) => {
    const terms: AlarmMetric[] = Properties.Metrics ?? [];
    return terms.map(({ Id: id, Expression: expression, MetricStat: stat }) => {
      return { where, id, expression, namespace: stat?.Metric.Namespace, metric: stat?.Metric.MetricName };
    });
  });
  const widgets = readWidgets(template).map(({ properties: { title: where = '', metrics = [] } }) =>
    metrics.map((metric) => {
      const [namespace, name] = metric.filter((part) => typeof part === 'string');
      return { where, ...optionsOf(metric), namespace, metric: name };
    }),
  );
  return [...alarms, ...widgets].flatMap((terms) => {
    const namesIn = (text = '') => {
      const ids = idsIn(text);
      return terms.flatMap(({ id, namespace, metric }) =>
        id && metric && namespace === 'Sepal' && ids.includes(id) ? [metric] : [],
      );
    };
    return terms.flatMap(({ where, expression = '' }) => {
      const [above, ...parts] = expression.split('/');
      const below = parts.flatMap(namesIn);
      return below.length > 0 ? [{ where, above: namesIn(above).filter((name) => !below.includes(name)), below }] : [];
    });
  });
}

export interface Query {
  name: string;
  /** The logical id of the log group that it reads. */
  logGroup: string;
  text: string;
  /** The fields of log lines that it uses, without those that Lambda and Logs Insights add (`@…`). */
  fields: string[];
}

/** Returns the Logs Insights queries of the template. */
export function readQueries(template: Template): Query[] {
  return ofType(template, 'AWS::Logs::QueryDefinition').map(([name, { Properties }]) => {
    const { QueryString: text, LogGroupNames } = Properties;
    return { name, text, logGroup: LogGroupNames[0].Ref, fields: fieldsOf(text) };
  });
}

/** Returns the query that each of the dashboard's links opens, by the logical id of the query definition. */
export function readQueryLinks(template: Template): Record<string, string> {
  const markdown = readWidgets(template)
    .map(({ properties }) => properties.markdown ?? '')
    .join('\n');
  const links = markdown.matchAll(/~editorString~'([^~]*)~queryId~'\$\{(\w+)\}/g);
  const decode = (text: string) =>
    text.replace(/\*([0-9a-f]{2})/g, (_, code) => String.fromCharCode(parseInt(code, 16)));
  return Object.fromEntries([...links].map(([, text = '', name = '']) => [name, decode(text)]));
}

export interface Widget {
  type: string;
  x: number;
  y: number;
  width: number;
  height: number;
  properties: {
    title?: string;
    markdown?: string;
    view?: string;
    metrics?: WidgetMetric[];
    alarms?: string[];
    annotations?: { horizontal: { label: string; value: number }[] };
  };
}

export type WidgetMetric = (string | MathTerm)[];

interface MathTerm {
  id?: string;
  expression?: string;
}

interface AlarmMetric {
  Id: string;
  Expression?: string;
  MetricStat?: { Metric: AlarmMetricName; Unit?: string };
}

interface AlarmMetricName {
  Namespace: string;
  MetricName: string;
  Dimensions?: { Name: string }[];
  Unit?: string;
}

export function readWidgets(template: Template): Widget[] {
  return ofType(template, 'AWS::CloudWatch::Dashboard').flatMap(([, { Properties }]) => {
    const [body, own] = Properties.DashboardBody['Fn::Sub'] as [string, Record<string, unknown>];
    const numbers = body.replace(/: \$\{(\w+)\}/g, (_, name) => `: ${template.Parameters[name]?.Default}`);
    return JSON.parse(numbers.replace(/\$\{(\w+)\}/g, (whole, name) => textWhereOn(own[name]) ?? whole))
      .widgets as Widget[];
  });
}

/** Returns the text that an `Fn::If` inserts when its condition holds, or undefined if the value is not an `Fn::If`. */
function textWhereOn(value: unknown): string | undefined {
  const { 'Fn::If': choice } = (value ?? {}) as { 'Fn::If'?: [string, { 'Fn::Sub'?: string }, unknown] };
  return choice?.[1]['Fn::Sub'];
}

export function ofType(template: Template, type: string): [string, Resource][] {
  return Object.entries(template.Resources).filter(([, resource]) => resource.Type === type);
}

function metricsOfAlarm(where: string, { Properties }: Resource): MetricReference[] {
  const named: AlarmMetricName[] = Properties.MetricName
    ? [Properties]
    : Properties.Metrics.flatMap(({ MetricStat: stat }: AlarmMetric) =>
        stat ? [{ ...stat.Metric, Unit: stat.Unit }] : [],
      );
  return named.map(({ Namespace, MetricName, Dimensions = [], Unit }) => ({
    namespace: Namespace,
    metric: MetricName,
    dimensions: Dimensions.map(({ Name }) => Name).sort(),
    ...(Unit && { unit: Unit }),
    where,
  }));
}

function metricsOfWidget({ properties }: Widget): MetricReference[] {
  const where = properties.title ?? '';
  return (properties.metrics ?? []).flatMap((metric) => {
    const { expression } = optionsOf(metric);
    if (expression !== undefined) return metricsOfSearch(expression, where);
    const [namespace, name, ...pairs] = metric.filter((part) => typeof part === 'string');
    if (!namespace || !name || [namespace, name, ...pairs].some((part) => /^\.+$/.test(part)))
      throw new Error(`${where}: write the metric out, ${JSON.stringify(metric)}`);
    return [{ namespace, metric: name, dimensions: pairs.filter((_, index) => index % 2 === 0).sort(), where }];
  });
}

function metricsOfSearch(expression: string, where: string): MetricReference[] {
  const searches = [...expression.matchAll(/SEARCH\('\{(\w+),([\w,]+)\} MetricName="(\w+)"/g)];
  if (searches.length !== expression.split('SEARCH(').length - 1)
    throw new Error(`${where}: cannot read ${expression}`);
  return searches.map(([, namespace = '', dimensions = '', metric = '']) => {
    return { namespace, metric, dimensions: dimensions.split(',').sort(), where };
  });
}

function optionsOf(metric: WidgetMetric): MathTerm {
  const last = metric.at(-1);
  return typeof last === 'object' ? last : {};
}

/** Returns the metric ids in an expression. Functions, quoted texts and substitutions are not ids. */
function idsIn(expression: string): string[] {
  return expression.replace(/'[^']*'|\$\{[^}]*\}/g, '').match(/\b[a-z]\w*\b/g) ?? [];
}

const queryWords = new Set(
  'fields filter parse stats sort limit by as desc asc and or not in like coalesce count sum avg min max pct bin'.split(
    ' ',
  ),
);

/**
 * Returns the log fields in a query. These are the words that are not words of the query language, not literals, and
 * not names that the query defines.
 */
function fieldsOf(query: string): string[] {
  const given = new Set([...query.matchAll(/\bas (\w+)|\(\?<(\w+)>/g)].map(([, name, parsed]) => name ?? parsed));
  const bare = query.replace(/"[^"]*"|(?<=parse @\w+ )\/.*\//g, '');
  const words = bare.match(/@?\b[a-zA-Z_][\w.]*/g) ?? [];
  const fields = words.filter((word) => !word.startsWith('@') && !queryWords.has(word) && !given.has(word));
  return [...new Set(fields)].sort();
}
