import { expect } from 'chai';
import { readConfig, readNames } from '../../functions/batch/config.ts';
import { ConfigError } from '../../functions/core/environment.ts';

const least = {
  MODEL: 'iris',
  ORT_DISABLE_TELEMETRY: '1',
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'key',
  AWS_SECRET_ACCESS_KEY: 'secret',
};

describe('readConfig of the function that scores tables', () => {
  it('reads the environment variables', () => {
    const config = readConfig({
      ...least,
      MODELS_DIRECTORY: '/opt/models',
      POWERTOOLS_LOG_LEVEL: 'debug',
      POWERTOOLS_SERVICE_NAME: 'flowers',
      POWERTOOLS_METRICS_NAMESPACE: 'Garden',
      BATCH_CONCURRENCY: '2',
      BATCH_SLICE_BYTES: '4096',
    });
    expect(config).to.deep.include({ modelsDirectory: '/opt/models', model: 'iris', logLevel: 'DEBUG' });
    expect(config).to.deep.include({ service: 'flowers', metricsNamespace: 'Garden' });
    expect(config).to.deep.include({ concurrency: 2, sliceBytes: 4096 });
  });

  it('has defaults for everything except the model, the telemetry switch and the access to S3', () => {
    const config = readConfig(least);
    expect(config).to.deep.include({ modelsDirectory: 'models', service: 'sepal', metricsNamespace: 'Sepal' });
    expect(config).to.deep.include({ concurrency: 5, sliceBytes: undefined });
    expect(config.s3.credentials).to.deep.equal({ accessKeyId: 'key', secretAccessKey: 'secret' });
  });

  for (const [name, value] of [
    ['MODEL', '../iris'],
    ['ORT_DISABLE_TELEMETRY', '0'],
    ['POWERTOOLS_LOG_LEVEL', 'loud'],
    ['AWS_REGION', ''],
    ['AWS_ENDPOINT_URL_S3', 'here'],
    ['BATCH_CONCURRENCY', 'many'],
    ['BATCH_SLICE_BYTES', '-1'],
  ] as const) {
    it(`names ${name} in the error if it is ${JSON.stringify(value)}`, () => {
      expect(() => readConfig({ ...least, [name]: value })).to.throw(ConfigError, `${name} must `);
    });
  }

  it('has names for the log even if the settings are wrong', () => {
    expect(readNames({ MODEL: '../iris' })).to.deep.include({ model: 'unknown', service: 'sepal' });
  });
});
