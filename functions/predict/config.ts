import {
  ConfigError,
  type Environment,
  isModelName,
  type LogLevel,
  parseLimit,
  parseList,
  parseLogLevel,
  parseModel,
  parseShare,
  parseWhole,
  processEnvironment,
  readS3Access,
  requireTelemetryOff,
  type S3Access,
  show,
} from '../core/environment.ts';
import { defaultLimits, type Limits } from '../core/limits.ts';

/** The function's settings, read from environment variables. */
export interface Config extends Names {
  /** Folder that holds the model packages. */
  readonly modelsDirectory: string;
  /** Folder that holds the files of the playground. */
  readonly pageDirectory: string;
  readonly logLevel: LogLevel;
  readonly limits: Limits;
  /** Origins whose pages may read answers (CORS); `*` for any. */
  readonly corsOrigins: readonly string[];
  readonly startType: StartType | undefined;
  /** A prediction whose largest probability is below this counts as one of low confidence. */
  readonly lowConfidence: number;
  /** The number of rows over which an environment measures drift; 0 turns it off. */
  readonly driftWindowRows: number;
  /** Where a share of the requests is stored; undefined if capture is off. */
  readonly capture: CaptureConfig | undefined;
  /** Features whose values are not stored. */
  readonly captureRedact: readonly string[];
}

/**
 * How Lambda starts the process: for a request, ahead of requests, or once for a snapshot that every environment is
 * restored from (SnapStart).
 */
const startTypes = ['on-demand', 'provisioned-concurrency', 'snap-start'] as const;
export type StartType = (typeof startTypes)[number];

/** The names that metrics and logs carry. */
export interface Names {
  /** The package to serve. */
  readonly model: string;
  /** The `service` of every log line and metric. */
  readonly service: string;
  readonly metricsNamespace: string;
}

export interface CaptureConfig extends S3Access {
  readonly bucket: string;
  /** The share of requests that are stored; above 0. */
  readonly rate: number;
}

/** Reads the settings. Throws ConfigError that names the bad variable. */
export function readConfig(environment: Environment = processEnvironment): Config {
  requireTelemetryOff(environment);
  return {
    ...readNames(environment),
    modelsDirectory: environment.MODELS_DIRECTORY || 'models',
    model: parseModel(environment.MODEL),
    pageDirectory: environment.PAGE_DIRECTORY || 'playground',
    logLevel: parseLogLevel(environment.POWERTOOLS_LOG_LEVEL),
    limits: readLimits(environment),
    corsOrigins: parseList(environment.CORS_ORIGINS),
    startType: startTypes.find((type) => type === environment.AWS_LAMBDA_INITIALIZATION_TYPE),
    lowConfidence: parseShare('LOW_CONFIDENCE', environment.LOW_CONFIDENCE, 0.6),
    driftWindowRows: parseWhole('DRIFT_WINDOW_ROWS', environment.DRIFT_WINDOW_ROWS, 1000),
    capture: readCapture(environment),
    captureRedact: parseList(environment.CAPTURE_REDACT),
  };
}

/**
 * Reads the names for the log of a start. Never throws, so that a failed start can always be logged with these names.
 */
export function readNames(environment: Environment = processEnvironment): Names {
  return {
    model: isModelName(environment.MODEL) ? environment.MODEL : 'unknown',
    service: environment.POWERTOOLS_SERVICE_NAME || 'sepal',
    metricsNamespace: environment.POWERTOOLS_METRICS_NAMESPACE || 'Sepal',
  };
}

/** Capture is off unless both a bucket and a rate above 0 are set. */
function readCapture(environment: Environment): CaptureConfig | undefined {
  const { CAPTURE_BUCKET: bucket, CAPTURE_RATE } = environment;
  const rate = parseShare('CAPTURE_RATE', CAPTURE_RATE, 0);
  if (!bucket || rate === 0) return undefined;
  // The name becomes part of a host name, and S3's certificate covers only names without dots.
  if (!/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/.test(bucket)) {
    throw new ConfigError(`CAPTURE_BUCKET must name a bucket without dots, but is ${show(bucket)}`);
  }
  return { bucket, rate, ...readS3Access(environment, 'where CAPTURE_BUCKET is') };
}

function readLimits(environment: Environment): Limits {
  const limit = (name: string, value: number) => parseLimit(name, environment[name], value);
  return {
    bodyBytes: limit('MAX_BODY_BYTES', defaultLimits.bodyBytes),
    rows: limit('MAX_ROWS', defaultLimits.rows),
    probabilities: limit('MAX_PROBABILITIES', defaultLimits.probabilities),
    columns: limit('MAX_COLUMNS', defaultLimits.columns),
    depth: limit('MAX_DEPTH', defaultLimits.depth),
    stringLength: limit('MAX_STRING_LENGTH', defaultLimits.stringLength),
    answerBytes: defaultLimits.answerBytes,
  };
}
