import {
  type Environment,
  isModelName,
  type LogLevel,
  parseLimit,
  parseLogLevel,
  parseModel,
  processEnvironment,
  readS3Access,
  requireTelemetryOff,
  type S3Access,
} from '../core/environment.ts';

/** The function's settings, read from environment variables. */
export interface Config extends Names {
  /** Folder that holds the model packages. */
  readonly modelsDirectory: string;
  readonly logLevel: LogLevel;
  readonly s3: S3Access;
  /** The most slices of a job that are scored at the same time, unless the job sets its own number. */
  readonly concurrency: number;
  /** Bytes of a slice; undefined for the default, which fits most tables. */
  readonly sliceBytes: number | undefined;
}

/** The names that metrics and logs carry. */
export interface Names {
  /** The package to score with. */
  readonly model: string;
  /** The `service` of every log line and metric. */
  readonly service: string;
  readonly metricsNamespace: string;
}

/** Reads the settings. Throws ConfigError that names the bad variable. */
export function readConfig(environment: Environment = processEnvironment): Config {
  requireTelemetryOff(environment);
  const { BATCH_SLICE_BYTES: sliceBytes } = environment;
  return {
    ...readNames(environment),
    modelsDirectory: environment.MODELS_DIRECTORY || 'models',
    model: parseModel(environment.MODEL),
    logLevel: parseLogLevel(environment.POWERTOOLS_LOG_LEVEL),
    s3: readS3Access(environment, 'where tables are scored'),
    concurrency: parseLimit('BATCH_CONCURRENCY', environment.BATCH_CONCURRENCY, 5),
    sliceBytes: sliceBytes ? parseLimit('BATCH_SLICE_BYTES', sliceBytes, 0) : undefined,
  };
}

/** Reads the names. Never throws, so that a start that fails for another reason can be logged. */
export function readNames(environment: Environment = processEnvironment): Names {
  return {
    model: isModelName(environment.MODEL) ? environment.MODEL : 'unknown',
    service: environment.POWERTOOLS_SERVICE_NAME || 'sepal',
    metricsNamespace: environment.POWERTOOLS_METRICS_NAMESPACE || 'Sepal',
  };
}
