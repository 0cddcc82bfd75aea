import { setTimeout as pause } from 'node:timers/promises';
import { AwsClient } from 'aws4fetch';
import { expect } from 'chai';
import { createS3Store } from '../../functions/batch/stores/s3.ts';
import { readOutputs } from './outputs.ts';

const endpoint = process.env.AWS_ENDPOINT_URL ?? '';
const region = 'us-east-1';
const credentials = { accessKeyId: 'testing', secretAccessKey: 'testing' };
const store = createS3Store({ endpoint, region, credentials });

export async function describeBatch(stack: string): Promise<{ bucket: string; machine: string }> {
  const { BatchBucketName: bucket = '', BatchStateMachineArn: machine = '' } = await readOutputs(stack);
  return { bucket, machine };
}

export async function runJob(machine: string, input: object) {
  const name = `job-${process.pid}-${Math.random().toString(36).slice(2)}`;
  const started = await call('StartExecution', { stateMachineArn: machine, input: JSON.stringify(input), name });
  for (;;) {
    const { status, output, error, cause } = await call('DescribeExecution', { executionArn: started.executionArn });
    if (status !== 'RUNNING') return { status, error, cause, output: output && JSON.parse(output) };
    await pause(200);
  }
}

async function call(action: string, request: object): Promise<Record<string, string>> {
  const client = new AwsClient({ ...credentials, region, service: 'states', retries: 0 });
  const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `AWSStepFunctions.${action}` };
  const response = await client.fetch(endpoint, { method: 'POST', headers, body: JSON.stringify(request) });
  return response.ok
    ? ((await response.json()) as Record<string, string>)
    : expect.fail(`${action}: ${await response.text()}`);
}

export async function putObject(location: string, text: string): Promise<void> {
  await store.put(location, Buffer.from(text));
}

export async function putTable(location: string, rows: number): Promise<void> {
  async function* toText() {
    yield Buffer.from('id,sepal_length,sepal_width,petal_length,petal_width\n');
    for (let row = 0; row < rows; row += 1000) {
      const lines = Array.from({ length: 1000 }, (_, index) => `${row + index},${valuesOf(row + index)}\n`);
      yield Buffer.from(lines.join(''));
    }
  }
  await store.put(location, toText());
}

/** Checks that every row is in its place, and that exactly the rows with short petals are labelled setosa. */
export async function expectPredictions(location: string, rows: number): Promise<void> {
  const [header, ...lines] = Buffer.from((await store.get(location)) ?? [])
    .toString()
    .split('\n');
  expect(header).to.equal('id,label,setosa,versicolor,virginica,error');
  expect(lines.pop()).to.equal('');
  expect(lines.length).to.equal(rows);
  const wrong = lines.findIndex(
    (line, row) => !line.startsWith(`${row},`) || line.startsWith(`${row},setosa,`) !== isShort(row),
  );
  expect(wrong, lines[wrong]).to.equal(-1);
}

const isShort = (row: number) => row % 2 === 0;

function valuesOf(row: number): string {
  return isShort(row) ? '5.1,3.5,1.4,0.2' : '6.3,3.3,6.0,2.5';
}
