import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import fc from 'fast-check';
import { ConfigError, readConfig } from '../../functions/predict/config.ts';
import { defaultLimits } from '../../functions/predict/limits.ts';

const least = { MODEL: 'iris', ORT_DISABLE_TELEMETRY: '1' };

describe('readConfig', () => {
  it('takes what the environment says', () => {
    const config = readConfig({
      ...least,
      MODELS_DIRECTORY: '/opt/models',
      PAGE_DIRECTORY: '/opt/page',
      POWERTOOLS_LOG_LEVEL: 'debug',
      POWERTOOLS_SERVICE_NAME: 'flowers',
      POWERTOOLS_METRICS_NAMESPACE: 'Garden',
      AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
      MAX_ROWS: '7',
      CORS_ORIGINS: 'https://a.example, https://b.example',
    });
    expect(config).to.deep.equal({
      modelsDirectory: '/opt/models',
      model: 'iris',
      pageDirectory: '/opt/page',
      logLevel: 'DEBUG',
      service: 'flowers',
      metricsNamespace: 'Garden',
      startsOnDemand: true,
      limits: { ...defaultLimits, rows: 7 },
      corsOrigins: ['https://a.example', 'https://b.example'],
    });
  });

  it('has a default for all but the model and the telemetry switch', () => {
    const empty = {
      MODELS_DIRECTORY: '',
      PAGE_DIRECTORY: '',
      POWERTOOLS_SERVICE_NAME: '',
      POWERTOOLS_METRICS_NAMESPACE: '',
      POWERTOOLS_LOG_LEVEL: '',
    };
    expect(readConfig({ ...least, ...empty })).to.deep.equal(readConfig(least));
    expect(readConfig(least)).to.deep.equal({
      modelsDirectory: 'models',
      model: 'iris',
      pageDirectory: 'playground',
      logLevel: 'INFO',
      service: 'sepal',
      metricsNamespace: 'Sepal',
      startsOnDemand: false,
      limits: defaultLimits,
      corsOrigins: [],
    });
  });

  const refusals: [string, Record<string, string | undefined>, string][] = [
    ['a limit that is no number', { MAX_ROWS: 'many' }, 'MAX_ROWS must be a whole number above 0, and is "many"'],
    ['a limit of 0', { MAX_DEPTH: '0' }, 'MAX_DEPTH must be a whole number above 0, and is "0"'],
    ['no model', { MODEL: undefined }, 'MODEL must name a model package, and is not set'],
    ['a model that is a path', { MODEL: '../iris' }, 'MODEL must name a model package, and is "../iris"'],
    ['a model that ends as a path', { MODEL: 'iris/../x' }, 'MODEL must name a model package, and is "iris/../x"'],
    ['telemetry switched on', { ORT_DISABLE_TELEMETRY: '0' }, 'ORT_DISABLE_TELEMETRY must be 1, and is "0"'],
    ['telemetry', { ORT_DISABLE_TELEMETRY: undefined }, 'ORT_DISABLE_TELEMETRY must be 1, and is not set'],
    [
      'an unknown log level',
      { POWERTOOLS_LOG_LEVEL: 'LOUD' },
      'POWERTOOLS_LOG_LEVEL must be one of TRACE, DEBUG, INFO, WARN, ERROR, CRITICAL, SILENT, and is "LOUD"',
    ],
  ];
  for (const [what, change, message] of refusals) {
    it(`refuses ${what}`, () => {
      expect(() => readConfig({ ...least, ...change })).to.throw(ConfigError, message);
    });
  }

  it('takes the names of models that the template takes', () => {
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
