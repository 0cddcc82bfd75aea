/**
 * Reads and checks environment variables. No other file in functions/ reads `process.env`. A bad value stops the start
 * with an error that names the variable.
 */
export type Environment = Readonly<Record<string, string | undefined>>;

export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

export const processEnvironment: Environment = process.env;

/** The region, address and credentials for requests to S3. */
export interface S3Access {
  readonly region: string;
  /** Replaces Amazon's address if it is set. */
  readonly endpoint: string | undefined;
  readonly credentials: Credentials | CredentialsEndpoint;
}

/**
 * The endpoint that hands out the credentials of the function's role. Lambda gives a SnapStart function this endpoint
 * in place of credentials.
 */
export interface CredentialsEndpoint {
  readonly url: string;
  readonly token: string;
}

/** Credentials of the function's role, which Lambda passes in environment variables. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

const logLevels = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'CRITICAL', 'SILENT'] as const;
export type LogLevel = (typeof logLevels)[number];

/**
 * onnxruntime 1.29 and later send telemetry unless this variable is set before the library loads. The library loads
 * before this code runs, so only the function's environment can set it.
 */
export function requireTelemetryOff({ ORT_DISABLE_TELEMETRY: value }: Environment): void {
  if (value !== '1') throw new ConfigError(`ORT_DISABLE_TELEMETRY must be 1, but is ${show(value)}`);
}

/** Reads the name of the package to serve. Throws ConfigError. */
export function parseModel(value: string | undefined): string {
  if (isModelName(value)) return value;
  throw new ConfigError(`MODEL must name a model package, but is ${show(value)}`);
}

/** The name becomes part of a path, so it must not hold a separator. */
export function isModelName(value: string | undefined): value is string {
  return value !== undefined && /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(value);
}

export function parseList(value = ''): string[] {
  return value
    .split(',')
    .map((element) => element.trim())
    .filter(Boolean);
}

export function parseShare(name: string, value: string | undefined, standard: number): number {
  if (!value) return standard;
  const number = Number(value);
  if (value.trim() && number >= 0 && number <= 1) return number;
  throw new ConfigError(`${name} must be a number from 0 to 1, but is ${show(value)}`);
}

export function parseWhole(name: string, value: string | undefined, standard: number): number {
  if (!value) return standard;
  if (/^\d{1,15}$/.test(value)) return Number(value);
  throw new ConfigError(`${name} must be a whole number from 0, but is ${show(value)}`);
}

export function parseLimit(name: string, value: string | undefined, standard: number): number {
  if (!value) return standard;
  const number = Number(value);
  if (Number.isSafeInteger(number) && number > 0) return number;
  throw new ConfigError(`${name} must be a whole number above 0, but is ${show(value)}`);
}

export function parseLogLevel(value: string | undefined): LogLevel {
  if (!value) return 'INFO';
  const level = logLevels.find((name) => name === value.toUpperCase());
  if (level) return level;
  throw new ConfigError(`POWERTOOLS_LOG_LEVEL must be one of ${logLevels.join(', ')}, but is ${show(value)}`);
}

/**
 * Reads the settings for S3. Throws ConfigError if the endpoint is no address, or if a required variable is not set.
 * `reason` then ends the message about that variable, for example `where tables are scored`.
 */
export function readS3Access(environment: Environment, reason: string): S3Access {
  const { AWS_ENDPOINT_URL_S3: endpoint, AWS_SESSION_TOKEN: sessionToken } = environment;
  const { AWS_CONTAINER_CREDENTIALS_FULL_URI: url, AWS_CONTAINER_AUTHORIZATION_TOKEN: token = '' } = environment;
  const required = (name: string): string => {
    const value = environment[name];
    if (value) return value;
    throw new ConfigError(`${name} must be set ${reason}`);
  };
  return {
    region: required('AWS_REGION'),
    endpoint: endpoint ? parseEndpoint(endpoint) : undefined,
    credentials: url
      ? { url, token }
      : {
          accessKeyId: required('AWS_ACCESS_KEY_ID'),
          secretAccessKey: required('AWS_SECRET_ACCESS_KEY'),
          ...(sessionToken && { sessionToken }),
        },
  };
}

function parseEndpoint(value: string): string {
  if (/^https?:/.test(value) && URL.canParse(value)) return value.replace(/\/+$/, '');
  throw new ConfigError(`AWS_ENDPOINT_URL_S3 must be an address, but is ${show(value)}`);
}

export function show(value: string | undefined): string {
  return value === undefined ? 'not set' : JSON.stringify(value);
}
