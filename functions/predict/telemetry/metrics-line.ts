/** Metrics with the dimensions that every line has, and one more if it is named. */
export interface MetricGroup {
  readonly dimension?: { readonly name: string; readonly value: string };
  readonly metrics: Readonly<Record<string, number>>;
}

/** Returns the JSON that tells CloudWatch which members of a line are metrics, and which are their dimensions. */
export type ToDirective = (metricNames: readonly string[], dimension: string | undefined) => string;

/**
 * Returns a log line that also holds metrics, in CloudWatch's embedded metric format:
 * docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 *
 * `fields` are the line's other members as JSON text. The line is built as text, because copying all members between
 * objects took longer than the rest (bench/NOTES.md). Metrics must be finite.
 */
export function toMetricsLine(fields: string, groups: readonly MetricGroup[], toDirective: ToDirective): string {
  let members = fields;
  let directives = '';
  for (const { dimension, metrics } of groups) {
    const names = Object.keys(metrics);
    directives += `${directives && ','}${toDirective(names, dimension?.name)}`;
    if (dimension) members += `,"${dimension.name}":${JSON.stringify(toDimension(dimension.value))}`;
    for (const name of names) members += `,"${name}":${metrics[name]}`;
  }
  return `{${members},"_aws":{"Timestamp":${Date.now()},"CloudWatchMetrics":[${directives}]}}\n`;
}

/** The members of an object as JSON, without its braces. */
export function toMembers(fields: object): string {
  return JSON.stringify(fields).slice(1, -1);
}

/** Converts a text to a valid dimension value: CloudWatch accepts printable ASCII that is not empty. */
function toDimension(name: string): string {
  // Most names are valid already.
  if (/^[\x21-\x7e]{1,250}$/.test(name)) return name;
  const toEscape = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return (
    name
      .replace(/[^\x20-\x7e]/g, toEscape)
      .slice(0, 250)
      .trim() || '(empty)'
  );
}
