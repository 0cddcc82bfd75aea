import { defaultLimits, type Limits } from './limits.ts';

/** What the environment says. The only file that reads it; a bad value stops the start and names itself. */
export interface Config {
  /** Folder that holds the model packages. */
  readonly modelsDirectory: string;
  /** Name of the package to serve. */
  readonly model: string;
  /** Folder that holds what the playground is made of. */
  readonly pageDirectory: string;
  readonly logLevel: LogLevel;
  /** The `service` of every log line and metric. */
  readonly service: string;
  readonly metricsNamespace: string;
  readonly limits: Limits;
  /** Origins of pages that may read answers; `*` for any. */
  readonly corsOrigins: readonly string[];
  /** Whether this environment was started for a request, and not ahead of time (provisioned concurrency). */
  readonly startsOnDemand: boolean;
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
    modelsDirectory: environment.MODELS_DIRECTORY || 'models',
    model: parseModel(environment.MODEL),
    pageDirectory: environment.PAGE_DIRECTORY || 'playground',
    logLevel: parseLogLevel(environment.POWERTOOLS_LOG_LEVEL),
    service: environment.POWERTOOLS_SERVICE_NAME || 'sepal',
    metricsNamespace: environment.POWERTOOLS_METRICS_NAMESPACE || 'Sepal',
    limits: readLimits(environment),
    corsOrigins: (environment.CORS_ORIGINS ?? '')
      .split(',')
      .map((origin) => origin.trim())
      .filter(Boolean),
    startsOnDemand: environment.AWS_LAMBDA_INITIALIZATION_TYPE === 'on-demand',
  };
}

/** onnxruntime 1.29 and later send telemetry unless this is set before the library starts, so it is no default of ours. */
function requireTelemetryOff({ ORT_DISABLE_TELEMETRY: value }: Environment): void {
  if (value !== '1') throw new ConfigError(`ORT_DISABLE_TELEMETRY must be 1, and is ${show(value)}`);
}

function parseModel(value: string | undefined): string {
  // It becomes part of a path.
  if (value && /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(value)) return value;
  throw new ConfigError(`MODEL must name a model package, and is ${show(value)}`);
}

function readLimits(environment: Environment): Limits {
  const limit = (name: string, value: number) => parseLimit(name, environment[name], value);
  return {
    bodyBytes: limit('MAX_BODY_BYTES', defaultLimits.bodyBytes),
    rows: limit('MAX_ROWS', defaultLimits.rows),
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
