/** One of the ways from outside to the function. */
export interface Door {
  readonly name: string;
  /** The stack's output that holds its address. */
  readonly output: string;
  /** Where the emulator serves that address: by a path, as a name under localhost is not resolved everywhere. */
  at(host: string): string;
  /** The service that a signature names. */
  readonly service: string;
  /** What a caller's policy must allow; of another stack's door, what does not help. */
  grant(host: string): object;
}

const emulator = process.env.AWS_ENDPOINT_URL ?? '';
const idOf = (host: string) => host.split('.')[0];

export const httpApi: Door = {
  name: 'the HTTP API',
  output: 'ApiUrl',
  at: (host) => `${emulator}/_aws/execute-api/${idOf(host)}/$default`,
  service: 'execute-api',
  grant: (host) => ({
    Action: 'execute-api:Invoke',
    Resource: `arn:aws:execute-api:us-east-1:123456789012:${idOf(host)}/*`,
  }),
};

export const doors: readonly Door[] = [httpApi];
