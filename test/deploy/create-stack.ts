import { AwsClient } from 'aws4fetch';
import { expect } from 'chai';
import type { Template, Values } from '../helpers/cloudformation.ts';
import { callQuery } from './outputs.ts';

/** Creates a stack from a template that `sam deploy` has transformed. */
export async function createStack(stack: string, template: Template, values: Values): Promise<void> {
  const given = Object.entries(values).flatMap(([name, value], index): [string, string][] => [
    [`Parameters.member.${index + 1}.ParameterKey`, name],
    [`Parameters.member.${index + 1}.ParameterValue`, String(value)],
  ]);
  const request = { Action: 'CreateStack', StackName: stack, TemplateURL: await upload(template) };
  await callQuery('cloudformation', '2010-05-15', { ...request, ...Object.fromEntries(given) });
}

/**
 * Uploads a template to S3, where it may be larger than in the call, and returns its address. The parts of the REST API
 * get another type, which the stand-in only records, like the parts of an HTTP API. The stand-in would not read the
 * paths of a REST API, and would refuse to deploy it because it had no methods.
 */
async function upload(template: Template): Promise<string> {
  const { AWS_ENDPOINT_URL: endpoint, AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '' } = process.env;
  const keys = { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY };
  const client = new AwsClient({ ...keys, region: 'us-east-1', service: 's3' });
  const body = JSON.stringify(template).replaceAll('"AWS::ApiGateway::', '"Recorded::ApiGateway::');
  const url = `${endpoint}/templates/template.json`;
  await client.fetch(`${endpoint}/templates`, { method: 'PUT' });
  expect((await client.fetch(url, { method: 'PUT', body })).ok).to.equal(true);
  return url;
}
