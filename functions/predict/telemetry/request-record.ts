import type { Context } from 'aws-lambda';
import type { MetricGroup } from './metrics-line.ts';
import type { Observation } from './monitor.ts';

/** What logs and metrics record of a request: never a feature's value. */
export interface RequestRecord {
  route: string;
  protocol?: string;
  status: number;
  /** The name of the error in the answer. */
  error?: string;
  rows?: number;
  /** Milliseconds of each stage that the request reached. */
  decodeMs?: number;
  inferenceMs?: number;
  /** Only if the request asked for explanations. */
  explainMs?: number;
  encodeMs?: number;
  /** Set if the request was predicted and is not a probe. */
  observation?: Observation;
}

/** What a request reports about the start. Only the first request of an environment reports a start. */
export interface Start {
  readonly coldStart: boolean;
  readonly initMs: number | undefined;
}

/** The ids that connect the log lines of a request. */
interface Trace {
  readonly correlation_id: string;
  readonly cold_start: boolean;
  readonly xray_trace_id: string | undefined;
}

/** The fields of the request's log line. Fields of the invocation have the names that Powertools uses. */
export function toLogFields(record: RequestRecord, durationMs: number, context: Context, trace: Trace) {
  return {
    level: 'INFO',
    message: 'request',
    timestamp: new Date().toISOString(),
    function_name: context.functionName,
    function_arn: context.invokedFunctionArn,
    function_memory_size: Number(context.memoryLimitInMB),
    function_request_id: context.awsRequestId,
    route: record.route,
    protocol: record.protocol,
    status: record.status,
    error_name: record.error,
    rows: record.rows,
    decode_ms: record.decodeMs,
    inference_ms: record.inferenceMs,
    explain_ms: record.explainMs,
    encode_ms: record.encodeMs,
    duration_ms: durationMs,
    correlation_id: trace.correlation_id,
    cold_start: trace.cold_start,
    xray_trace_id: trace.xray_trace_id,
  };
}

export function toMetrics(record: RequestRecord, durationMs: number, { coldStart, initMs }: Start) {
  const { status, rows, inferenceMs, observation } = record;
  const metrics: Record<string, number> = { RequestLatency: durationMs };
  metrics.ClientError = status >= 400 && status < 500 ? 1 : 0;
  metrics.ServerError = status >= 500 ? 1 : 0;
  // Rows of a probe are not counted, because they are not observed: they would lower the alarm's ratio of rows out of
  // range.
  if (observation && inferenceMs !== undefined && rows !== undefined) {
    metrics.InferenceLatency = inferenceMs;
    metrics.Rows = rows;
    const { outOfRange, unseenCategories, lowConfidence } = observation;
    metrics.RowsOutOfRange = outOfRange;
    metrics.UnseenCategories = unseenCategories;
    if (lowConfidence !== undefined) metrics.LowConfidence = lowConfidence;
  }
  if (coldStart) metrics.ColdStart = 1;
  if (initMs !== undefined) metrics.InitDuration = initMs;
  return metrics;
}

/**
 * Creates one group per class: a log line can hold only one value of a dimension, so each class needs its own line,
 * except that the first can share the request's line.
 */
export function toClassGroups(observation: Observation | undefined): MetricGroup[] {
  return Array.from(observation?.classes ?? [], ([value, rows]) => {
    return { dimension: { name: 'class', value }, metrics: { Predictions: rows } };
  });
}

export function toFeatureGroups(observation: Observation | undefined): MetricGroup[] {
  return (observation?.stability ?? []).map(({ feature: value, index }) => {
    return { dimension: { name: 'feature', value }, metrics: { PopulationStability: index } };
  });
}
