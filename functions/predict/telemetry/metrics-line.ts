/** Metrics under the dimensions that every line has, and under one more where it is named. */
export interface MetricGroup {
  readonly dimension?: { readonly name: string; readonly value: string };
  readonly metrics: Readonly<Record<string, number>>;
}

/** The text that tells CloudWatch which members of a line are the metrics of a group, and by what they are told apart. */
export type ToDirective = (metricNames: readonly string[], dimension: string | undefined) => string;

/**
 * A line of the log that holds metrics too, in CloudWatch's embedded metric format:
 * docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 * `fields` are its other members, as text. The line is put together as text, as copies of all members from object to object took
 * longer than the rest of it (bench/NOTES.md). Metrics must be finite.
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

/** What CloudWatch takes as the value of a dimension: printable ASCII, and something of it. */
function toDimension(name: string): string {
  // Most names are that.
  if (/^[\x21-\x7e]{1,250}$/.test(name)) return name;
  const toEscape = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return (
    name
      .replace(/[^\x20-\x7e]/g, toEscape)
      .slice(0, 250)
      .trim() || '(empty)'
  );
}
