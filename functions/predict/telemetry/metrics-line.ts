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
 */
export function toMetricsLine(fields: object, groups: readonly MetricGroup[], toDirective: ToDirective): string {
  const members: Record<string, unknown> = { ...fields };
  const directives: string[] = [];
  for (const { dimension, metrics } of groups) {
    directives.push(toDirective(Object.keys(metrics), dimension?.name));
    if (dimension) members[dimension.name] = toDimension(dimension.value);
    Object.assign(members, metrics);
  }
  const told = `"_aws":{"Timestamp":${Date.now()},"CloudWatchMetrics":[${directives}]}`;
  return `${JSON.stringify(members).slice(0, -1)},${told}}\n`;
}

/** What CloudWatch takes as the value of a dimension: printable ASCII, and something of it. */
function toDimension(name: string): string {
  const toEscape = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return (
    name
      .replace(/[^\x20-\x7e]/g, toEscape)
      .slice(0, 250)
      .trim() || '(empty)'
  );
}
