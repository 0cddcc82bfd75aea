import { getXRayTraceIdFromEnv } from '@aws-lambda-powertools/commons/utils/env';
import { Logger, LogLevelThreshold } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Context } from 'aws-lambda';
import type { Manifest } from '../../core/model/manifest.ts';
import type { Config, Names } from '../config.ts';
import { type MetricGroup, type ToDirective, toMembers, toMetricsLine } from './metrics-line.ts';
import { type RequestRecord, toClassGroups, toFeatureGroups, toLogFields, toMetrics } from './request-record.ts';

/** Starts the telemetry of a request; its id becomes the correlation id of its lines. */
export type StartTelemetry = (requestId: string, context: Context) => RequestTelemetry;

export interface RequestTelemetry {
  /** A fault of ours, whole. */
  fault(error: unknown): void;
  /** The request could not be captured, which its answer does not show. */
  notCaptured(error: unknown): void;
  /** Ends the request: its line, which tells its metrics too, and a line for each further class or feature. */
  end(record: RequestRecord, durationMs: number): void;
}

/**
 * The way to Powertools. The start is over when this returns. The line of a request is made here of what Powertools made
 * once, as its logger and its metrics take twice as long for it as the inference takes (bench/NOTES.md); it is one line
 * with both, which is also half of what CloudWatch bills.
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
  // Of a snapshot there was one start, when the version was published: no environment that is a copy of it took that time.
  let initMs = startType === 'snap-start' ? undefined : performance.now() - startedAt;

  return (requestId, context) => {
    const start = { coldStart: startsCold, initMs };
    startsCold = false;
    initMs = undefined;
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

/** A start that fails is told by a metric, in a line that is also that of the error. */
export function reportInitFailure(names: Names, thrown: unknown): void {
  const { service, model } = names;
  const { name, message } = toError(thrown);
  const fields = { level: 'ERROR', message: 'fault', error: { name, message }, service, model };
  writeOut(toMetricsLine(toMembers(fields), [{ metrics: { InitFailure: 1 } }], createDirectives(names)));
}

/** Takes whole lines. */
export type Write = (lines: string) => void;

/** Not by console, to whose lines Lambda adds what is no JSON. */
function writeOut(lines: string): void {
  process.stdout.write(lines);
}

/** Of those that are no count. */
const units = {
  RequestLatency: MetricUnit.Milliseconds,
  InferenceLatency: MetricUnit.Milliseconds,
  InitDuration: MetricUnit.Milliseconds,
  PopulationStability: MetricUnit.NoUnit,
} as const;

/** Powertools' directives, each made once: the same metrics have the same. */
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
