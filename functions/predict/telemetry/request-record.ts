import type { Context } from 'aws-lambda';
import type { MetricGroup } from './metrics-line.ts';
import type { Observation } from './monitor.ts';

/** What a request leaves behind in logs and metrics: never a feature's value. */
export interface RequestRecord {
  route: string;
  protocol?: string;
  status: number;
  /** The name of the error that was answered. */
  error?: string;
  rows?: number;
  /** Milliseconds of each stage that was passed. */
  decodeMs?: number;
  inferenceMs?: number;
  /** Of a request that asked why. */
  explainMs?: number;
  encodeMs?: number;
  /** Of a request that was predicted, and no probe. */
  observation?: Observation;
}

/** What the first request of an environment tells of its start. */
export interface Start {
  readonly coldStart: boolean;
  readonly initMs: number | undefined;
}

/** What ties the lines of a request together. */
interface Trace {
  readonly correlation_id: string;
  readonly cold_start: boolean;
  readonly xray_trace_id: string | undefined;
}

/** The fields of the request's line in the log. Those of the invocation are called as Powertools calls them. */
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
  // Rows that are not observed must not be counted: a probe's would hide those out of range in the alarm's ratio.
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

/** A line says one value of each dimension, so every class needs a group of its own, and of a line the first alone. */
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
