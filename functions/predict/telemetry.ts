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
  /** Milliseconds of each stage that was reached. */
  decodeMs?: number;
  inferenceMs?: number;
  encodeMs?: number;
}

export interface Telemetry {
  /** Starts a request; its id becomes the correlation id of every line until it ends. */
  begin(requestId: string, context: Context): void;
  /** A fault of ours, whole. */
  fault(error: unknown): void;
  /** Ends the request: one log line, one flush of its metrics. */
  end(record: RequestRecord, durationMs: number): void;
}

/** The way to Powertools. Lines go to standard output, metrics among them in the embedded metric format. */
export function createTelemetry(config: Config, { name, version }: Manifest): Telemetry {
  const logger = new Logger({ serviceName: config.service, logLevel: config.logLevel });
  const metrics = new Metrics({
    serviceName: config.service,
    namespace: config.metricsNamespace,
    defaultDimensions: { model: name },
  });
  // Powertools' own cold start metric is a document of its own, under other dimensions.
  let coldStart = config.startsOnDemand;

  return {
    begin(requestId, context) {
      logger.refreshSampleRateCalculation();
      logger.addContext(context);
      logger.setCorrelationId(requestId);
    },

    fault(error) {
      logger.error('fault', { error: error instanceof Error ? error : new Error(String(error)) });
    },

    end(record, durationMs) {
      logger.info('request', toLogFields(record, durationMs, name, version));
      metrics.addMetric('RequestLatency', MetricUnit.Milliseconds, durationMs);
      if (record.inferenceMs !== undefined && record.rows !== undefined) {
        metrics.addMetric('InferenceLatency', MetricUnit.Milliseconds, record.inferenceMs);
        metrics.addMetric('Rows', MetricUnit.Count, record.rows);
      }
      metrics.addMetric('ClientError', MetricUnit.Count, record.status >= 400 && record.status < 500 ? 1 : 0);
      metrics.addMetric('ServerError', MetricUnit.Count, record.status >= 500 ? 1 : 0);
      if (coldStart) metrics.addMetric('ColdStart', MetricUnit.Count, 1);
      coldStart = false;
      metrics.publishStoredMetrics();
    },
  };
}

function toLogFields(record: RequestRecord, durationMs: number, model: string, version: string) {
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
    model,
    model_version: version,
  };
}

/** To the microsecond. */
function round(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : Math.round(ms * 1000) / 1000;
}
