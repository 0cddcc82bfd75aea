import { AwsClient } from 'aws4fetch';
import { expect } from 'chai';

const { AWS_ENDPOINT_URL: endpoint = '', AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '' } = process.env;
const keys = { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY };
const client = new AwsClient({ ...keys, region: 'us-east-1', service: 'lambda' });

/** Lists the versions of a function, like `aws lambda list-versions-by-function`, but without $LATEST. */
export async function listVersions(name: string): Promise<string[]> {
  const { Versions } = (await call('GET', `${name}/versions`)) as { Versions: { Version: string }[] };
  return Versions.map(({ Version }) => Version).filter((version) => version !== '$LATEST');
}

/** Points the alias `live` at a version, like `aws lambda update-alias --name live --function-version …`. */
export async function pointAlias(name: string, version: string): Promise<void> {
  await call('PUT', `${name}/aliases/live`, { FunctionVersion: version });
}

async function call(method: string, path: string, document?: object): Promise<unknown> {
  const body = document && { body: JSON.stringify(document) };
  const response = await client.fetch(`${endpoint}/2015-03-31/functions/${path}`, { method, ...body });
  return response.ok ? response.json() : expect.fail(`${method} ${path}: ${await response.text()}`);
}
