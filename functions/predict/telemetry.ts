import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Context } from 'aws-lambda';
import type { Config, Names } from './config.ts';
import type { Manifest } from './model/manifest.ts';
import type { Observation } from './model/monitor.ts';

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
  /** Of a request that was predicted. */
  observation?: Observation;
}

/** Starts the telemetry of a request; its id becomes the correlation id of its lines. */
export type StartTelemetry = (requestId: string, context: Context) => RequestTelemetry;

export interface RequestTelemetry {
  /** A fault of ours, whole. */
  fault(error: unknown): void;
  /** The request could not be captured, which its answer does not show. */
  notCaptured(error: unknown): void;
  /** Ends the request: one log line, one flush of its metrics. */
  end(record: RequestRecord, durationMs: number): void;
}

/**
 * The way to Powertools. Lines go to the standard streams, metrics among them in the embedded metric format. The start is
 * over when this returns.
 */
export function createTelemetry(config: Config, { name, version }: Manifest, startedAt: number): StartTelemetry {
  const logger = new Logger({ serviceName: config.service, logLevel: config.logLevel });
  const metrics = createMetrics({ ...config, model: name });
  let startsCold = config.startsOnDemand;
  let initMs: number | undefined = performance.now() - startedAt;

  return (requestId, context) => {
    const start = { coldStart: startsCold, initMs };
    startsCold = false;
    initMs = undefined;
    logger.refreshSampleRateCalculation();
    const ids = { correlation_id: requestId, cold_start: start.coldStart };

    return {
      fault(error) {
        // Right before each line, as requests may overlap where a server calls the handler.
        logger.addContext(context);
        logger.error('fault', { ...ids, error: toError(error) });
      },

      notCaptured(error) {
        logger.addContext(context);
        logger.warn('not captured', { ...ids, error: toError(error) });
      },

      end(record, durationMs) {
        logger.addContext(context);
        logger.info('request', { ...ids, ...toLogFields(record, durationMs), model: name, model_version: version });
        addMetrics(metrics, record, durationMs);
        addStart(metrics, start);
        publish(metrics, config.metricsNamespace, record.observation);
      },
    };
  };
}

/** A start that fails is told by a metric, in a document that is also the line of the error. */
export function reportInitFailure(names: Names, thrown: unknown): void {
  const { name, message } = toError(thrown);
  const metrics = createMetrics(names).addMetric('InitFailure', MetricUnit.Count, 1);
  print(metrics, { ...metrics.serializeMetrics(), level: 'ERROR', message: 'fault', error: { name, message } });
}

function createMetrics({ service, metricsNamespace, model }: Names): Metrics {
  return new Metrics({ serviceName: service, namespace: metricsNamespace, defaultDimensions: { model } });
}

function addMetrics(metrics: Metrics, record: RequestRecord, durationMs: number): void {
  const { status, inferenceMs, rows, observation } = record;
  metrics.addMetric('RequestLatency', MetricUnit.Milliseconds, durationMs);
  if (inferenceMs !== undefined && rows !== undefined) {
    metrics.addMetric('InferenceLatency', MetricUnit.Milliseconds, inferenceMs);
    metrics.addMetric('Rows', MetricUnit.Count, rows);
  }
  metrics.addMetric('ClientError', MetricUnit.Count, status >= 400 && status < 500 ? 1 : 0);
  metrics.addMetric('ServerError', MetricUnit.Count, status >= 500 ? 1 : 0);
  if (!observation) return;
  metrics.addMetric('RowsOutOfRange', MetricUnit.Count, observation.outOfRange);
  metrics.addMetric('UnseenCategories', MetricUnit.Count, observation.unseenCategories);
  const { lowConfidence } = observation;
  if (lowConfidence !== undefined) metrics.addMetric('LowConfidence', MetricUnit.Count, lowConfidence);
}

/** Of the first request of an environment. */
function addStart(metrics: Metrics, { coldStart, initMs }: { coldStart: boolean; initMs: number | undefined }): void {
  // Powertools' own cold start metric is a document of its own, under other dimensions.
  if (coldStart) metrics.addMetric('ColdStart', MetricUnit.Count, 1);
  if (initMs !== undefined) metrics.addMetric('InitDuration', MetricUnit.Milliseconds, initMs);
}

/**
 * A document says one value of each dimension, so every class and every feature needs one of its own. The first class goes
 * into the request's document, under a directive of its own: a request whose rows are of one class is one line. Counting
 * classes over several requests would save no line then, and lose what an environment has not told when it ends.
 */
function publish(metrics: Metrics, namespace: string, observation: Observation | undefined): void {
  const [first, ...classes] = observation?.classes ?? [];
  if (first) publishWithClass(metrics, namespace, ...first);
  else metrics.publishStoredMetrics();
  for (const [name, rows] of classes) {
    metrics.addDimension('class', toDimension(name));
    metrics.addMetric('Predictions', MetricUnit.Count, rows).publishStoredMetrics();
  }
  for (const { feature, index } of observation?.stability ?? []) {
    metrics.addDimension('feature', toDimension(feature));
    metrics.addMetric('PopulationStability', MetricUnit.NoUnit, index).publishStoredMetrics();
  }
}

function publishWithClass(metrics: Metrics, namespace: string, name: string, rows: number): void {
  const document = metrics.serializeMetrics();
  const { CloudWatchMetrics: directives } = document._aws;
  directives.push({
    Namespace: namespace,
    Dimensions: [['service', 'model', 'class']],
    Metrics: [{ Name: 'Predictions', Unit: MetricUnit.Count }],
  });
  print(metrics, Object.assign(document, { class: toDimension(name), Predictions: rows }));
}

/** A document with more in it than Powertools puts there. */
function print(metrics: Metrics, document: object): void {
  metrics.clearMetrics();
  // Not by console, to whose lines Lambda adds what is no JSON.
  process.stdout.write(`${JSON.stringify(document)}\n`);
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

function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
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
