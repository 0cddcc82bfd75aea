/** A door: a service through which callers reach the function. */
export interface Door {
  readonly name: string;
  /** The name of the stack's output with the door's address. */
  readonly output: string;
  /** The address at the emulator. The door is in its path, because not every machine resolves names under localhost. */
  at(host: string): string;
  /** The AWS service for which a request is signed. */
  readonly service: string;
  /** The policy statement that lets a caller use the door. */
  grant(host: string, outputs: Readonly<Record<string, string>>): object;
  /** A policy statement for the door of another stack, which must not let a caller use this one. */
  readonly elsewhere: object;
  /** Whether everybody may call the health checks, even if other routes need authorization. */
  readonly opensHealth: boolean;
}

const emulator = process.env.AWS_ENDPOINT_URL ?? '';
const idOf = (host: string) => host.split('.')[0];

const gateway = 'arn:aws:execute-api:us-east-1:123456789012';

export const httpApi: Door = {
  name: 'the HTTP API',
  output: 'ApiUrl',
  at: (host) => `${emulator}/_aws/execute-api/${idOf(host)}/$default`,
  service: 'execute-api',
  grant: (host) => ({ Action: 'execute-api:Invoke', Resource: `${gateway}:${idOf(host)}/*` }),
  elsewhere: { Action: 'execute-api:Invoke', Resource: `${gateway}:00000000/*` },
  opensHealth: true,
};

const ofUrl = ['lambda:InvokeFunctionUrl', 'lambda:InvokeFunction'];

export const functionUrl: Door = {
  name: 'the function URL',
  output: 'FunctionUrlAddress',
  at: (host) => `${emulator}/_aws/lambda-url/${idOf(host)}`,
  service: 'lambda',
  grant: (_host, { FunctionAlias }) => ({ Action: ofUrl, Resource: FunctionAlias }),
  elsewhere: { Action: ofUrl, Resource: 'arn:aws:lambda:us-east-1:123456789012:function:other:live' },
  opensHealth: false,
};

export const doors: readonly Door[] = [httpApi, functionUrl];
