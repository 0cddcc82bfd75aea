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

/** What the environment says of this function. */
export interface Config extends Names {
  /** Folder that holds the model packages. */
  readonly modelsDirectory: string;
  readonly logLevel: LogLevel;
  readonly s3: S3Access;
  /** Slices of a job that are scored at once, where the job does not say. */
  readonly concurrency: number;
  /** Bytes of a slice; undefined for what fits most. */
  readonly sliceBytes: number | undefined;
}

/** What metrics are told apart by. */
export interface Names {
  /** The package to score with. */
  readonly model: string;
  /** The `service` of every log line and metric. */
  readonly service: string;
  readonly metricsNamespace: string;
}

/** Throws ConfigError that names the variable. */
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

/** What a start that fails is known by, whatever is wrong with the rest. */
export function readNames(environment: Environment = processEnvironment): Names {
  return {
    model: isModelName(environment.MODEL) ? environment.MODEL : 'unknown',
    service: environment.POWERTOOLS_SERVICE_NAME || 'sepal',
    metricsNamespace: environment.POWERTOOLS_METRICS_NAMESPACE || 'Sepal',
  };
}
