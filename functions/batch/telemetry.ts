import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Context } from 'aws-lambda';
import type { Manifest } from '../core/model/manifest.ts';
import type { Config, Names } from './config.ts';

/** The facts that a step logs: numbers and names, never a value of a row. */
export interface StepRecord {
  readonly step: string;
  /** The execution's name. */
  readonly execution: string;
  part?: number;
  parts?: number;
  rows?: number;
  failed?: number;
  bytes?: number;
}

export interface Telemetry {
  /** Logs a step that succeeded, and its metrics. */
  done(record: StepRecord, durationMs: number, context: Context): void;
  /** Logs a step that failed. */
  failed(record: StepRecord, error: Error, context: Context): void;
}

export function createTelemetry(
  config: Omit<Names, 'model'> & Pick<Config, 'logLevel'>,
  { name, version }: Manifest,
): Telemetry {
  const logger = new Logger({ serviceName: config.service, logLevel: config.logLevel });
  const metrics = new Metrics({
    serviceName: config.service,
    namespace: config.metricsNamespace,
    defaultDimensions: { model: name },
  });
  const model = { model: name, model_version: version };

  return {
    done(record, durationMs, context) {
      logger.addContext(context);
      logger.info('step', { ...record, ...model, duration_ms: Math.round(durationMs) });
      if (record.step !== 'score') return;
      metrics.addMetric('BatchRows', MetricUnit.Count, record.rows ?? 0);
      metrics.addMetric('BatchFailedRows', MetricUnit.Count, record.failed ?? 0);
      metrics.addMetric('BatchSliceDuration', MetricUnit.Milliseconds, durationMs);
      metrics.publishStoredMetrics();
    },

    failed(record, error, context) {
      logger.addContext(context);
      logger.error('step failed', { ...record, ...model, error: toLoggable(error) });
    },
  };
}

/** Logs a failed start in one line. Step Functions then reports the error's name and fails the execution. */
export function reportInitFailure({ service, model }: Names, error: Error): void {
  const { name, message } = error;
  const line = { level: 'ERROR', message: 'fault', error: { name, message }, service, model };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** Replaces the message of a SyntaxError: V8 quotes the JSON that it could not parse, which may be a row. */
function toLoggable(error: Error): Error {
  if (!(error instanceof SyntaxError)) return error;
  const told = new Error('A document could not be read');
  told.name = error.name;
  told.stack = `${error.name}: ${told.message}\n${error.stack?.match(/^ {4}at .*$/gm)?.join('\n') ?? ''}`;
  return told;
}
