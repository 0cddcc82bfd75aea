import { AwsClient } from 'aws4fetch';
import { expect } from 'chai';
import type { Template, Values } from '../helpers/cloudformation.ts';

export const endpoint = process.env.AWS_ENDPOINT_URL ?? '';
export const region = 'us-east-1';
export const credentials = { accessKeyId: 'testing', secretAccessKey: 'testing' };

/** Creates a stack of a template that `sam deploy` has transformed. */
export async function createStack(stack: string, template: Template, values: Values): Promise<void> {
  const given = Object.entries(values).flatMap(([name, value], index): [string, string][] => [
    [`Parameters.member.${index + 1}.ParameterKey`, name],
    [`Parameters.member.${index + 1}.ParameterValue`, String(value)],
  ]);
  await call('CreateStack', { StackName: stack, TemplateURL: await upload(template), ...Object.fromEntries(given) });
}

/** What the stack's outputs say, by name. */
export async function readOutputs(stack: string): Promise<Record<string, string>> {
  const text = await call('DescribeStacks', { StackName: stack });
  expect(text).to.match(/<StackStatus>(CREATE|UPDATE)_COMPLETE</);
  const outputs = text.matchAll(/<OutputKey>([^<]*)<\/OutputKey>\s*<OutputValue>([^<]*)<\/OutputValue>/g);
  return Object.fromEntries([...outputs].map(([, name, value]) => [name, value]));
}

/**
 * A template in S3 may be larger than one in the call. The stand-in does not read the paths of a REST API, and refuses to
 * deploy one without methods. Under another type it records the API's parts, as it does those of an HTTP API.
 */
async function upload(template: Template): Promise<string> {
  const text = JSON.stringify(template).replaceAll('"AWS::ApiGateway::', '"Recorded::ApiGateway::');
  const client = new AwsClient({ ...credentials, region, service: 's3' });
  await client.fetch(`${endpoint}/templates`, { method: 'PUT' });
  const url = `${endpoint}/templates/template.json`;
  const { ok } = await client.fetch(url, { method: 'PUT', body: text });
  expect(ok).to.equal(true);
  return url;
}

async function call(action: string, request: Record<string, string>): Promise<string> {
  const client = new AwsClient({ ...credentials, region, service: 'cloudformation', retries: 0 });
  const body = new URLSearchParams({ Action: action, Version: '2010-05-15', ...request }).toString();
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const response = await client.fetch(endpoint, { method: 'POST', headers, body });
  const text = await response.text();
  return response.ok ? text : expect.fail(`${action}: ${text}`);
}
