import { AwsClient } from 'aws4fetch';
import { expect } from 'chai';

/** The outputs of a stack, by name. */
export async function readOutputs(stack: string): Promise<Record<string, string>> {
  const text = await callQuery('cloudformation', '2010-05-15', { Action: 'DescribeStacks', StackName: stack });
  const outputs = text.matchAll(/<OutputKey>(\w+)<\/OutputKey>\s*<OutputValue>([^<]*)<\/OutputValue>/g);
  return Object.fromEntries(Array.from(outputs, ([, name, value]) => [name, decode(value ?? '')]));
}

/** Calls a service with AWS's query protocol: the request is a form, and the answer is XML. */
export async function callQuery(service: string, version: string, parameters: Record<string, string>): Promise<string> {
  const { AWS_ENDPOINT_URL: endpoint = '', AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '' } = process.env;
  const keys = { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY };
  const client = new AwsClient({ ...keys, region: 'us-east-1', service });
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const body = new URLSearchParams({ ...parameters, Version: version }).toString();
  const response = await client.fetch(endpoint, { method: 'POST', headers, body });
  const text = await response.text();
  return response.ok ? text : expect.fail(`${parameters.Action}: ${text}`);
}

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  apos: "'",
  gt: '>',
  lt: '<',
  quot: '"',
  '#x27': "'",
  '#39': "'",
};

/** Replaces the entities in the text of an XML element by their characters. */
function decode(text: string): string {
  return text.replace(/&(#?\w+);/g, (whole, name) => entities[name] ?? whole);
}
