import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Context } from 'aws-lambda';
import type { Config } from './config.ts';
import type { Manifest } from './model/manifest.ts';

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
  encodeMs?: number;
}

/** Starts the telemetry of a request; its id becomes the correlation id of its lines. */
export type StartTelemetry = (requestId: string, context: Context) => RequestTelemetry;

export interface RequestTelemetry {
  /** A fault of ours, whole. */
  fault(error: unknown): void;
  /** Ends the request: one log line, one flush of its metrics. */
  end(record: RequestRecord, durationMs: number): void;
}

/** The way to Powertools. Lines go to the standard streams, metrics among them in the embedded metric format. */
export function createTelemetry(config: Config, { name, version }: Manifest): StartTelemetry {
  const logger = new Logger({ serviceName: config.service, logLevel: config.logLevel });
  const metrics = new Metrics({
    serviceName: config.service,
    namespace: config.metricsNamespace,
    defaultDimensions: { model: name },
  });
  let startsCold = config.startsOnDemand;

  return (requestId, context) => {
    const coldStart = startsCold;
    startsCold = false;
    logger.refreshSampleRateCalculation();
    const ids = { correlation_id: requestId, cold_start: coldStart };

    return {
      fault(error) {
        // Right before each line, as requests may overlap where a server calls the handler.
        logger.addContext(context);
        logger.error('fault', { ...ids, error: error instanceof Error ? error : new Error(String(error)) });
      },

      end(record, durationMs) {
        logger.addContext(context);
        logger.info('request', { ...ids, ...toLogFields(record, durationMs), model: name, model_version: version });
        addMetrics(metrics, record, durationMs);
        // Powertools' own cold start metric is a document of its own, under other dimensions.
        if (coldStart) metrics.addMetric('ColdStart', MetricUnit.Count, 1);
        metrics.publishStoredMetrics();
      },
    };
  };
}

function addMetrics(metrics: Metrics, { status, inferenceMs, rows }: RequestRecord, durationMs: number): void {
  metrics.addMetric('RequestLatency', MetricUnit.Milliseconds, durationMs);
  if (inferenceMs !== undefined && rows !== undefined) {
    metrics.addMetric('InferenceLatency', MetricUnit.Milliseconds, inferenceMs);
    metrics.addMetric('Rows', MetricUnit.Count, rows);
  }
  metrics.addMetric('ClientError', MetricUnit.Count, status >= 400 && status < 500 ? 1 : 0);
  metrics.addMetric('ServerError', MetricUnit.Count, status >= 500 ? 1 : 0);
}

function toLogFields(record: RequestRecord, durationMs: number) {
  return {
    route: record.route,
    protocol: record.protocol,
    status: record.status,
    error_name: record.error,
    rows: record.rows,
    decode_ms: round(record.decodeMs),
    inference_ms: round(record.inferenceMs),
    encode_ms: round(record.encodeMs),
    duration_ms: round(durationMs),
  };
}

/** To the microsecond. */
function round(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : Math.round(ms * 1000) / 1000;
}
