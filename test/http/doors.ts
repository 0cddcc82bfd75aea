/** One of the ways from outside to the function. */
export interface Door {
  readonly name: string;
  /** The stack's output that holds its address. */
  readonly output: string;
  /** Where the emulator serves that address: by a path, as a name under localhost is not resolved everywhere. */
  at(host: string): string;
  /** The service that a signature names. */
  readonly service: string;
  /** What a caller's policy must allow. */
  grant(host: string, outputs: Readonly<Record<string, string>>): object;
  /** What it does not help to be allowed: the same of another stack's door. */
  readonly elsewhere: object;
  /** Whether everybody may ask for the function's health, whoever else may call. */
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
