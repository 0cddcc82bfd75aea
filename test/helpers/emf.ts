import type { DocumentedMetric } from './operations.ts';

interface Directive {
  readonly Namespace: string;
  readonly Dimensions: readonly (readonly string[])[];
  readonly Metrics: readonly { readonly Name: string; readonly Unit: string }[];
}

type Line = Readonly<Record<string, unknown>>;

/** The metrics and log fields in lines that the function wrote. */
export interface Emitted {
  /** Each metric once for each set of dimensions, sorted. */
  readonly metrics: DocumentedMetric[];
  /** The fields of the log lines, sorted. Fields of an error are listed as `error.…`. */
  readonly fields: string[];
}

/**
 * Reads lines that the function wrote. Also finds violations of the embedded metric format, because CloudWatch silently
 * drops metrics that violate it.
 */
export function readEmitted(lines: readonly Line[]): Emitted & { readonly problems: string[] } {
  const documents = lines.filter((line) => '_aws' in line);
  const metrics = documents.flatMap((document) => directivesOf(document).flatMap(toMetrics));
  const distinct = new Map(metrics.map((metric) => [JSON.stringify(metric), metric]));
  const fields = new Set(lines.filter((line) => 'level' in line).flatMap(fieldsOf));
  return {
    metrics: [...distinct.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, metric]) => metric),
    fields: [...fields].sort(),
    problems: documents.flatMap(problemsWith),
  };
}

function directivesOf(document: Line): readonly Directive[] {
  return (document._aws as { CloudWatchMetrics: readonly Directive[] }).CloudWatchMetrics;
}

function toMetrics({ Dimensions, Metrics }: Directive): DocumentedMetric[] {
  return Metrics.flatMap(({ Name: metric, Unit: unit }) =>
    Dimensions.map((names) => ({ metric, unit, dimensions: [...names].sort() })),
  );
}

/** The fields of a log line. If the line is also a metric document, its metrics are not log fields. */
function fieldsOf(line: Line): string[] {
  const directives = '_aws' in line ? directivesOf(line) : [];
  const told = new Set(['_aws', ...directives.flatMap(({ Metrics }) => Metrics.map(({ Name }) => Name))]);
  return Object.entries(line).flatMap(([field, value]) => {
    if (told.has(field)) return [];
    return field === 'error' ? Object.keys(value as object).map((key) => `error.${key}`) : [field];
  });
}

/** Describes violations of the embedded metric format, and namespaces other than Sepal. */
function problemsWith(document: Line): string[] {
  const directives = directivesOf(document);
  const names = directives.flatMap(({ Metrics }) => Metrics.map(({ Name }) => Name));
  const dimensions = directives.flatMap(({ Dimensions }) => Dimensions.flat());
  return [
    ...names.filter((name) => !Number.isFinite(document[name])).map((name) => `${name} is ${document[name]}`),
    ...names.filter((name, index) => names.indexOf(name) !== index).map((name) => `${name} stands twice`),
    ...dimensions.filter((name) => !isDimension(document[name])).map((name) => `${name} is ${document[name]}`),
    ...(names.length > 100 ? ['more than 100 metrics'] : []),
    ...directives.filter(({ Namespace }) => Namespace !== 'Sepal').map(({ Namespace }) => `namespace ${Namespace}`),
  ];
}

function isDimension(value: unknown): boolean {
  return typeof value === 'string' && /^[\x20-\x7e]{1,1024}$/.test(value) && value.trim() !== '';
}
