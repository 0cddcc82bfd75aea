import { getXRayTraceIdFromEnv } from '@aws-lambda-powertools/commons/utils/env';
import { Logger, LogLevelThreshold } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Context } from 'aws-lambda';
import type { Manifest } from '../../core/model/manifest.ts';
import type { Config, Names } from '../config.ts';
import { type MetricGroup, type ToDirective, toMembers, toMetricsLine } from './metrics-line.ts';
import { type RequestRecord, toClassGroups, toFeatureGroups, toLogFields, toMetrics } from './request-record.ts';

/** Starts the telemetry of a request. Its id becomes the correlation id of its log lines. */
export type StartTelemetry = (requestId: string, context: Context) => RequestTelemetry;

export interface RequestTelemetry {
  /** Logs an unexpected error with its message and stack. */
  fault(error: unknown): void;
  /** Logs that storing the request failed. The answer does not show it. */
  notCaptured(error: unknown): void;
  /**
   * Writes the request's log line with its metrics and those of the first class. Each further class, and each feature
   * whose drift is reported, gets a line of its own.
   */
  end(record: RequestRecord, durationMs: number): void;
}

/**
 * Creates the logger and metrics. Call it last at start-up: it takes the init duration when it is called. Request lines
 * are written here, from parts that Powertools creates once: its logger and metrics would take twice as long per
 * request as the inference (bench/NOTES.md). Log and metrics share one line, which halves what CloudWatch bills.
 */
export function createTelemetry(
  config: Config,
  { name, version }: Manifest,
  startedAt: number,
  write: Write = writeOut,
): StartTelemetry {
  const logger = new Logger({ serviceName: config.service, logLevel: config.logLevel });
  const logsRequests = logger.level <= LogLevelThreshold.INFO;
  const dimensions = toMembers({ service: config.service, model: name });
  const versioned = `${dimensions},${toMembers({ model_version: version })}`;
  const toDirective = createDirectives({ ...config, model: name });
  const { startType } = config;
  let startsCold = startType === 'on-demand' || startType === 'snap-start';
  // A snapshot has started once, when the version was published. Environments restored from it did not take that time.
  let initMs = startType === 'snap-start' ? undefined : performance.now() - startedAt;

  return (requestId, context) => {
    const start = { coldStart: startsCold, initMs };
    startsCold = false;
    initMs = undefined;
    const ids = { correlation_id: requestId, cold_start: start.coldStart };

    return {
      fault(error) {
        // The context is set right before each line, because requests can overlap if a local server calls the handler.
        logger.addContext(context);
        logger.error('fault', { ...ids, error: toError(error) });
      },

      notCaptured(error) {
        logger.addContext(context);
        logger.warn('not captured', { ...ids, error: toError(error) });
      },

      end(record, durationMs) {
        const toFields = () => {
          const trace = { ...ids, xray_trace_id: getXRayTraceIdFromEnv() };
          return `${toMembers(toLogFields(record, durationMs, context, trace))},${versioned}`;
        };
        const fields = logsRequests ? toFields() : dimensions;
        const [first, ...classes] = toClassGroups(record.observation);
        const request: MetricGroup = { metrics: toMetrics(record, durationMs, start) };
        let lines = toMetricsLine(fields, first ? [request, first] : [request], toDirective);
        for (const group of [...classes, ...toFeatureGroups(record.observation)]) {
          lines += toMetricsLine(dimensions, [group], toDirective);
        }
        write(lines);
      },
    };
  };
}

/** Reports a failed start as a metric, in the same line as the error. */
export function reportInitFailure(names: Names, thrown: unknown): void {
  const { service, model } = names;
  const { name, message } = toError(thrown);
  const fields = { level: 'ERROR', message: 'fault', error: { name, message }, service, model };
  writeOut(toMetricsLine(toMembers(fields), [{ metrics: { InitFailure: 1 } }], createDirectives(names)));
}

/** Writes complete lines. */
export type Write = (lines: string) => void;

/** Not console.log: Lambda adds text to its lines, which are then no longer JSON. */
function writeOut(lines: string): void {
  process.stdout.write(lines);
}

/** Metrics not listed here are counts. */
const units = {
  RequestLatency: MetricUnit.Milliseconds,
  InferenceLatency: MetricUnit.Milliseconds,
  InitDuration: MetricUnit.Milliseconds,
  PopulationStability: MetricUnit.NoUnit,
} as const;

/** Creates Powertools' directives. Each is created once, because equal sets of metrics have equal directives. */
function createDirectives({ service, model, metricsNamespace: namespace }: Names): ToDirective {
  const metrics = new Metrics({ serviceName: service, namespace, defaultDimensions: { model } });
  const known = new Map<string, string>();
  const ask = (names: readonly string[], dimension: string | undefined): string => {
    if (dimension) metrics.addDimension(dimension, dimension);
    for (const name of names) metrics.addMetric(name, units[name as keyof typeof units] ?? MetricUnit.Count, 0);
    const [directive] = metrics.serializeMetrics()._aws.CloudWatchMetrics;
    metrics.clearMetrics();
    metrics.clearDimensions();
    return JSON.stringify(directive);
  };
  return (names, dimension) => {
    const key = `${dimension} ${names}`;
    const directive = known.get(key) ?? ask(names, dimension);
    known.set(key, directive);
    return directive;
  };
}

function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
