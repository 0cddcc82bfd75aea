import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import fc from 'fast-check';
import { ConfigError } from '../../functions/core/environment.ts';
import { defaultLimits } from '../../functions/core/limits.ts';
import { readConfig, readNames } from '../../functions/predict/config.ts';

const least = { MODEL: 'iris', ORT_DISABLE_TELEMETRY: '1' };
const capturing = {
  CAPTURE_BUCKET: 'kept-here',
  CAPTURE_RATE: '0.25',
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'key',
  AWS_SECRET_ACCESS_KEY: 'secret',
};

describe('readConfig', () => {
  it('reads the environment variables', () => {
    const config = readConfig({
      ...least,
      MODELS_DIRECTORY: '/opt/models',
      PAGE_DIRECTORY: '/opt/page',
      POWERTOOLS_LOG_LEVEL: 'debug',
      POWERTOOLS_SERVICE_NAME: 'flowers',
      POWERTOOLS_METRICS_NAMESPACE: 'Garden',
      AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
      MAX_ROWS: '7',
      MAX_PROBABILITIES: '1000',
      CORS_ORIGINS: 'https://a.example, https://b.example',
      LOW_CONFIDENCE: '0.75',
      DRIFT_WINDOW_ROWS: '0',
      ...capturing,
      CAPTURE_REDACT: 'age, city',
      AWS_SESSION_TOKEN: 'token',
      AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:9000/',
    });
    expect(config).to.deep.equal({
      modelsDirectory: '/opt/models',
      model: 'iris',
      pageDirectory: '/opt/page',
      logLevel: 'DEBUG',
      service: 'flowers',
      metricsNamespace: 'Garden',
      startType: 'on-demand',
      limits: { ...defaultLimits, rows: 7, probabilities: 1000 },
      corsOrigins: ['https://a.example', 'https://b.example'],
      lowConfidence: 0.75,
      driftWindowRows: 0,
      capture: {
        bucket: 'kept-here',
        rate: 0.25,
        region: 'eu-west-1',
        endpoint: 'http://127.0.0.1:9000',
        credentials: { accessKeyId: 'key', secretAccessKey: 'secret', sessionToken: 'token' },
      },
      captureRedact: ['age', 'city'],
    });
  });

  it('has defaults for everything except the model and the telemetry switch', () => {
    const empty = {
      MODELS_DIRECTORY: '',
      PAGE_DIRECTORY: '',
      POWERTOOLS_SERVICE_NAME: '',
      POWERTOOLS_METRICS_NAMESPACE: '',
      POWERTOOLS_LOG_LEVEL: '',
      LOW_CONFIDENCE: '',
      DRIFT_WINDOW_ROWS: '',
      CAPTURE_BUCKET: '',
      CAPTURE_RATE: '',
      CAPTURE_REDACT: '',
    };
    expect(readConfig({ ...least, ...empty })).to.deep.equal(readConfig(least));
    expect(readConfig(least)).to.deep.equal({
      modelsDirectory: 'models',
      model: 'iris',
      pageDirectory: 'playground',
      logLevel: 'INFO',
      service: 'sepal',
      metricsNamespace: 'Sepal',
      startType: undefined,
      limits: defaultLimits,
      corsOrigins: [],
      lowConfidence: 0.6,
      driftWindowRows: 1000,
      capture: undefined,
      captureRedact: [],
    });
  });

  const refusals: [string, object, string][] = [
    ['a limit that is not a number', { MAX_ROWS: 'many' }, 'MAX_ROWS must be a whole number above 0, but is "many"'],
    ['a limit of 0', { MAX_DEPTH: '0' }, 'MAX_DEPTH must be a whole number above 0, but is "0"'],
    ['a model that is not set', { MODEL: undefined }, 'MODEL must name a model package, but is not set'],
    ['a model that is a path', { MODEL: '../iris' }, 'MODEL must name a model package, but is "../iris"'],
    [
      'a model name that continues as a path',
      { MODEL: 'iris/../x' },
      'MODEL must name a model package, but is "iris/../x"',
    ],
    ['telemetry switched on', { ORT_DISABLE_TELEMETRY: '0' }, 'ORT_DISABLE_TELEMETRY must be 1, but is "0"'],
    [
      'a telemetry switch that is not set',
      { ORT_DISABLE_TELEMETRY: undefined },
      'ORT_DISABLE_TELEMETRY must be 1, but is not set',
    ],
    [
      'an unknown log level',
      { POWERTOOLS_LOG_LEVEL: 'LOUD' },
      'POWERTOOLS_LOG_LEVEL must be one of TRACE, DEBUG, INFO, WARN, ERROR, CRITICAL, SILENT, but is "LOUD"',
    ],
    ['a confidence above 1', { LOW_CONFIDENCE: '60' }, 'LOW_CONFIDENCE must be a number from 0 to 1, but is "60"'],
    ['a confidence below 0', { LOW_CONFIDENCE: '-0.1' }, 'LOW_CONFIDENCE must be a number from 0 to 1, but is "-0.1"'],
    ['a confidence that is blank', { LOW_CONFIDENCE: ' ' }, 'LOW_CONFIDENCE must be a number from 0 to 1, but is " "'],
    [
      'a drift window of half a row',
      { DRIFT_WINDOW_ROWS: '0.5' },
      'DRIFT_WINDOW_ROWS must be a whole number from 0, but is "0.5"',
    ],
    [
      'a drift window of -1 rows',
      { DRIFT_WINDOW_ROWS: '-1' },
      'DRIFT_WINDOW_ROWS must be a whole number from 0, but is "-1"',
    ],
    [
      'a capture rate that is not a number',
      { CAPTURE_RATE: '10%' },
      'CAPTURE_RATE must be a number from 0 to 1, but is "10%"',
    ],
    [
      'a bucket with dots',
      { ...capturing, CAPTURE_BUCKET: 'kept.here' },
      'CAPTURE_BUCKET must name a bucket without dots, but is "kept.here"',
    ],
    [
      'an endpoint that is not an address',
      { ...capturing, AWS_ENDPOINT_URL_S3: 'localhost' },
      'AWS_ENDPOINT_URL_S3 must be an address, but is "localhost"',
    ],
    ...['AWS_REGION', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'].map((name): [string, object, string] => [
      `a bucket without ${name}`,
      { ...capturing, [name]: '' },
      `${name} must be set where CAPTURE_BUCKET is`,
    ]),
  ];
  for (const [what, change, message] of refusals) {
    it(`refuses ${what}`, () => {
      expect(() => readConfig({ ...least, ...change })).to.throw(ConfigError, message);
    });
  }

  it("reads the endpoint of the role's credentials if there is one", () => {
    const endpoint = {
      AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://127.0.0.1:9001/2021-04-23/credentials',
      AWS_CONTAINER_AUTHORIZATION_TOKEN: 'a token',
      AWS_ACCESS_KEY_ID: undefined,
      AWS_SECRET_ACCESS_KEY: undefined,
    };
    expect(readConfig({ ...least, ...capturing, ...endpoint }).capture?.credentials).to.deep.equal({
      url: 'http://127.0.0.1:9001/2021-04-23/credentials',
      token: 'a token',
    });
  });

  it('reads how Lambda starts the function, and ignores unknown start types', () => {
    for (const type of ['on-demand', 'provisioned-concurrency', 'snap-start'])
      expect(readConfig({ ...least, AWS_LAMBDA_INITIALIZATION_TYPE: type }).startType).to.equal(type);
    expect(readConfig({ ...least, AWS_LAMBDA_INITIALIZATION_TYPE: 'other' }).startType).to.equal(undefined);
  });

  it('turns capture off without a bucket or a rate', () => {
    expect(readConfig({ ...least, ...capturing, CAPTURE_BUCKET: undefined }).capture).to.equal(undefined);
    for (const rate of ['0', '0.0', '', undefined]) {
      expect(readConfig({ ...least, ...capturing, CAPTURE_RATE: rate }).capture).to.equal(undefined);
    }
    expect(readConfig({ ...least, ...capturing }).capture?.credentials).to.deep.equal({
      accessKeyId: 'key',
      secretAccessKey: 'secret',
    });
  });

  it('reads the names for the log, whatever else is wrong', () => {
    const names = { service: 'flowers', metricsNamespace: 'Garden' };
    const environment = { POWERTOOLS_SERVICE_NAME: 'flowers', POWERTOOLS_METRICS_NAMESPACE: 'Garden' };
    expect(readNames({ ...environment, MODEL: 'rose' })).to.deep.equal({ ...names, model: 'rose' });
    expect(readNames({ ...environment, MODEL: '../rose' })).to.deep.equal({ ...names, model: 'unknown' });
    expect(readNames({})).to.deep.equal({ service: 'sepal', metricsNamespace: 'Sepal', model: 'unknown' });
  });

  it('accepts exactly the model names that the template accepts', () => {
    const [, pattern] = /AllowedPattern: (.+)/.exec(readFileSync('template.yaml', 'utf8')) ?? [];
    const isTaken = (name: string) => {
      try {
        return readConfig({ ...least, MODEL: name }).model === name;
      } catch {
        return false;
      }
    };
    const names = fc.oneof(fc.stringMatching(/^[A-Za-z0-9._/\\ -]{0,5}$/), fc.string());
    fc.assert(
      fc.property(names, (name) => {
        expect(isTaken(name)).to.equal(new RegExp(pattern ?? '').test(name));
      }),
    );
  });
});
