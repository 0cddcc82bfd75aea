import type { Cost } from '../prices/cost.ts';
import { type doors, throughDoor, usualCost } from '../prices/doors.ts';
import prices from '../prices/prices.json' with { type: 'json' };
import { writeMarked } from './marks.ts';

/** A way to call the function, with the properties that a reader chooses by. */
interface Door {
  readonly name: string;
  readonly door: keyof typeof doors;
  readonly besides?: string;
  readonly turnedOn: string;
  readonly callers: string;
  readonly limits: string;
  readonly throttling: string;
  readonly domain: string;
}

const month = `$${(prices.loadBalancerPerHour * 24 * 30).toFixed(2)} a month and its units`;

const compared: readonly Door[] = [
  {
    name: 'HTTP API',
    door: 'httpApi',
    turnedOn: '`HttpApi=on`, the default',
    callers: 'by `Authorization`: everybody, signed requests of IAM, tokens of an issuer (JWT)',
    limits: '6 MB, 29 s',
    throttling: '`ThrottlingRate`, all callers together',
    domain: '`DomainName`',
  },
  {
    name: 'function URL',
    door: 'functionUrl',
    turnedOn: '`FunctionUrl`',
    callers: 'signed requests of IAM (`AWS_IAM`), or everybody (`NONE`)',
    limits: '6 MB, 29 s',
    throttling: '`ReservedConcurrency`: 10 requests a second for each environment',
    domain: '[CloudFront](#custom-domain)',
  },
  {
    name: 'REST API',
    door: 'restApi',
    turnedOn: '`RestApi=API_KEY`',
    callers: 'who sends a key',
    limits: '6 MB, 29 s',
    throttling: '`KeyRate` for each key, and `ThrottlingRate` for all together',
    domain: '`DomainName`, where there is no HTTP API',
  },
  {
    name: 'direct invocation',
    door: 'direct',
    turnedOn: 'always on',
    callers: 'whom IAM lets invoke the function: the SDKs, Step Functions',
    limits: '6 MB, 29 s',
    throttling: '`ReservedConcurrency`',
    domain: 'none',
  },
  {
    name: 'load balancer',
    door: 'direct',
    besides: month,
    turnedOn: 'one of your own, with the alias as its target',
    callers: 'who reaches its network',
    limits: '1 MB, 29 s',
    throttling: '`ReservedConcurrency`',
    domain: 'any',
  },
];

/** Writes the table of docs/operations.md that compares the ways to call the function. */
export async function writeDoors(costs: readonly Cost[]): Promise<void> {
  await writeMarked('docs/operations.md', 'bench: doors', toDoors(costs));
}

export function toDoors(costs: readonly Cost[]): string {
  const usual = usualCost(costs);
  const header = `| door | turned on by | dollars a million | who may call | body and answer, time | throttling | domain of your own |
|---|---|--:|---|---|---|---|`;
  const rows = compared.map(({ name, door, besides, turnedOn, callers, limits, throttling, domain }) => {
    const dollars = [throughDoor(usual, door).toFixed(2), besides].filter(Boolean).join(', and ');
    return `| ${[name, turnedOn, dollars, callers, limits, throttling, domain].join(' | ')} |`;
  });
  return [header, ...rows].join('\n');
}
