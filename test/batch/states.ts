import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { AwsClient } from 'aws4fetch';
import { accessTo } from './aws.ts';

export const definitionFile = 'functions/batch/state-machine.asl.json';
const substitutions: Readonly<Record<string, string>> = {
  FunctionAlias: 'arn:aws:lambda:us-east-1:123456789012:function:batch:live',
  Partition: 'aws',
};

export interface Execution {
  readonly status: string;
  readonly output: unknown;
  readonly error: string | undefined;
  readonly cause: string | undefined;
  /** The execution's description and its history, as JSON. */
  readonly text: string;
}

export interface StateMachine {
  /** Returns the execution's ARN. */
  start(input: unknown, name?: string): Promise<string>;
  wait(execution: string): Promise<Execution>;
  run(input: unknown, name?: string): Promise<Execution>;
}

/** Creates the state machine as it is deployed, but with at most `attempts` retries and shorter waits before them. */
export async function createStateMachine(endpoint: string, attempts = 2): Promise<StateMachine> {
  const call = createCaller(endpoint);
  const { stateMachineArn } = await call('CreateStateMachine', {
    name: `batch-${process.pid}-${created++}`,
    definition: readDefinition(attempts),
    roleArn: 'arn:aws:iam::123456789012:role/states',
  });
  const machine: StateMachine = {
    async start(input, name = randomUUID()) {
      const request = { stateMachineArn, input: JSON.stringify(input), name };
      return String((await call('StartExecution', request)).executionArn);
    },
    async wait(executionArn) {
      for (;;) {
        const described = await call('DescribeExecution', { executionArn });
        if (described.status !== 'RUNNING') return toExecution(described, await readHistory(call, executionArn));
        await pause(50);
      }
    },
    run: async (input, name) => machine.wait(await machine.start(input, name)),
  };
  return machine;
}

let created = 0;

function readDefinition(attempts: number): string {
  return readFileSync(definitionFile, 'utf8')
    .replace(/\$\{(\w+)\}/g, (whole, name: string) => substitutions[name] ?? whole)
    .replace(/"IntervalSeconds": \d+/g, '"IntervalSeconds": 1')
    .replace(/"MaxAttempts": \d+/g, `"MaxAttempts": ${attempts}`);
}

type Call = (action: string, request: object) => Promise<Record<string, unknown>>;

function createCaller(endpoint: string): Call {
  const { credentials, region } = accessTo(endpoint);
  const client = new AwsClient({ ...credentials, region, service: 'states', retries: 0 });
  return async (action, request) => {
    const response = await client.fetch(endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `AWSStepFunctions.${action}` },
      body: JSON.stringify(request),
    });
    const answer = await response.text();
    if (!response.ok) throw new Error(`${action}: ${answer}`);
    return JSON.parse(answer);
  };
}

/** Reads all events of an execution. Step Functions returns at most 1000 at once. */
async function readHistory(call: Call, executionArn: string): Promise<readonly unknown[]> {
  const events: unknown[] = [];
  let nextToken: unknown;
  do {
    const page = await call('GetExecutionHistory', { executionArn, maxResults: 1000, nextToken });
    events.push(...(page.events as unknown[]));
    ({ nextToken } = page);
  } while (nextToken);
  return events;
}

function toExecution(described: Record<string, unknown>, history: readonly unknown[]): Execution {
  const { status, output, error, cause } = described as Record<string, string | undefined>;
  return {
    status: String(status),
    output: output === undefined ? undefined : JSON.parse(output),
    error,
    cause,
    text: JSON.stringify([described, history]),
  };
}
