import { defaultLimits, type Limits } from '../core/limits.ts';

/** What the environment says. The only file that reads it; a bad value stops the start and names itself. */
export interface Config extends Names {
  /** Folder that holds the model packages. */
  readonly modelsDirectory: string;
  /** Folder that holds what the playground is made of. */
  readonly pageDirectory: string;
  readonly logLevel: LogLevel;
  readonly limits: Limits;
  /** Origins of pages that may read answers; `*` for any. */
  readonly corsOrigins: readonly string[];
  /** Whether this environment was started for a request, and not ahead of time (provisioned concurrency). */
  readonly startsOnDemand: boolean;
  /** A prediction whose largest probability is below this is one of low confidence. */
  readonly lowConfidence: number;
  /** Rows over which an environment measures drift; 0 for never. */
  readonly driftWindowRows: number;
  /** Where a share of the requests is kept; undefined for nowhere. */
  readonly capture: CaptureConfig | undefined;
  /** Features whose values are not kept. */
  readonly captureRedact: readonly string[];
}

/** What metrics are told apart by. */
export interface Names {
  /** The package to serve. */
  readonly model: string;
  /** The `service` of every log line and metric. */
  readonly service: string;
  readonly metricsNamespace: string;
}

export interface CaptureConfig {
  readonly bucket: string;
  /** The share of requests that are kept, above 0. */
  readonly rate: number;
  readonly region: string;
  /** In place of Amazon's. */
  readonly endpoint: string | undefined;
  readonly credentials: Credentials;
}

/** Of the function's role, as Lambda hands them over. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

const logLevels = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'CRITICAL', 'SILENT'] as const;
export type LogLevel = (typeof logLevels)[number];

type Environment = Readonly<Record<string, string | undefined>>;

export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

export function readConfig(environment: Environment = process.env): Config {
  requireTelemetryOff(environment);
  return {
    ...readNames(environment),
    modelsDirectory: environment.MODELS_DIRECTORY || 'models',
    model: parseModel(environment.MODEL),
    pageDirectory: environment.PAGE_DIRECTORY || 'playground',
    logLevel: parseLogLevel(environment.POWERTOOLS_LOG_LEVEL),
    limits: readLimits(environment),
    corsOrigins: parseList(environment.CORS_ORIGINS),
    startsOnDemand: environment.AWS_LAMBDA_INITIALIZATION_TYPE === 'on-demand',
    lowConfidence: parseShare('LOW_CONFIDENCE', environment.LOW_CONFIDENCE, 0.6),
    driftWindowRows: parseWhole('DRIFT_WINDOW_ROWS', environment.DRIFT_WINDOW_ROWS, 1000),
    capture: readCapture(environment),
    captureRedact: parseList(environment.CAPTURE_REDACT),
  };
}

/** What a start that fails is known by, whatever is wrong with the rest. */
export function readNames(environment: Environment = process.env): Names {
  return {
    model: isModelName(environment.MODEL) ? environment.MODEL : 'unknown',
    service: environment.POWERTOOLS_SERVICE_NAME || 'sepal',
    metricsNamespace: environment.POWERTOOLS_METRICS_NAMESPACE || 'Sepal',
  };
}

/** onnxruntime 1.29 and later send telemetry unless this is set before the library starts, so it is no default of ours. */
function requireTelemetryOff({ ORT_DISABLE_TELEMETRY: value }: Environment): void {
  if (value !== '1') throw new ConfigError(`ORT_DISABLE_TELEMETRY must be 1, and is ${show(value)}`);
}

function parseModel(value: string | undefined): string {
  if (isModelName(value)) return value;
  throw new ConfigError(`MODEL must name a model package, and is ${show(value)}`);
}

/** It becomes part of a path. */
function isModelName(value: string | undefined): value is string {
  return value !== undefined && /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(value);
}

function parseList(value = ''): string[] {
  return value
    .split(',')
    .map((element) => element.trim())
    .filter(Boolean);
}

function parseShare(name: string, value: string | undefined, standard: number): number {
  if (!value) return standard;
  const number = Number(value);
  if (value.trim() && number >= 0 && number <= 1) return number;
  throw new ConfigError(`${name} must be a number from 0 to 1, and is ${show(value)}`);
}

function parseWhole(name: string, value: string | undefined, standard: number): number {
  if (!value) return standard;
  if (/^\d{1,15}$/.test(value)) return Number(value);
  throw new ConfigError(`${name} must be a whole number from 0, and is ${show(value)}`);
}

/** A bucket alone keeps nothing: a share must be named too. */
function readCapture(environment: Environment): CaptureConfig | undefined {
  const { CAPTURE_BUCKET: bucket, CAPTURE_RATE, AWS_ENDPOINT_URL_S3: endpoint, AWS_SESSION_TOKEN } = environment;
  const rate = parseShare('CAPTURE_RATE', CAPTURE_RATE, 0);
  if (!bucket || rate === 0) return undefined;
  // It becomes part of a host name, for which Amazon has certificates where it has no dot.
  if (!/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/.test(bucket)) {
    throw new ConfigError(`CAPTURE_BUCKET must name a bucket without dots, and is ${show(bucket)}`);
  }
  const required = (name: string): string => {
    const value = environment[name];
    if (value) return value;
    throw new ConfigError(`${name} must be set where CAPTURE_BUCKET is`);
  };
  return {
    bucket,
    rate,
    region: required('AWS_REGION'),
    endpoint: endpoint ? parseEndpoint(endpoint) : undefined,
    credentials: {
      accessKeyId: required('AWS_ACCESS_KEY_ID'),
      secretAccessKey: required('AWS_SECRET_ACCESS_KEY'),
      ...(AWS_SESSION_TOKEN && { sessionToken: AWS_SESSION_TOKEN }),
    },
  };
}

function parseEndpoint(value: string): string {
  if (/^https?:/.test(value) && URL.canParse(value)) return value.replace(/\/+$/, '');
  throw new ConfigError(`AWS_ENDPOINT_URL_S3 must be an address, and is ${show(value)}`);
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

function parseLimit(name: string, value: string | undefined, standard: number): number {
  if (!value) return standard;
  const number = Number(value);
  if (Number.isSafeInteger(number) && number > 0) return number;
  throw new ConfigError(`${name} must be a whole number above 0, and is ${show(value)}`);
}

function parseLogLevel(value: string | undefined): LogLevel {
  if (!value) return 'INFO';
  const level = logLevels.find((name) => name === value.toUpperCase());
  if (level) return level;
  throw new ConfigError(`POWERTOOLS_LOG_LEVEL must be one of ${logLevels.join(', ')}, and is ${show(value)}`);
}

function show(value: string | undefined): string {
  return value === undefined ? 'not set' : JSON.stringify(value);
}
