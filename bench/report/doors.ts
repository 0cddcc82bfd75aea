import type { Cost } from '../prices/cost.ts';
import { type doors, throughDoor, usualCost } from '../prices/doors.ts';
import prices from '../prices/prices.json' with { type: 'json' };
import { writeMarked } from './marks.ts';

/** A door, with the properties by which a reader of docs/operations.md can choose one. */
interface Door {
  readonly name: string;
  readonly door: keyof typeof doors;
  /** A price that does not depend on the number of requests. */
  readonly besides?: string;
  readonly turnedOn: string;
  readonly callers: string;
  readonly limits: string;
  readonly throttling: string;
  readonly domain: string;
}

const month = `$${(prices.loadBalancerPerHour * 24 * 30).toFixed(2)} a month plus capacity units`;

const compared: readonly Door[] = [
  {
    name: 'HTTP API',
    door: 'httpApi',
    turnedOn: '`HttpApi=on`, the default',
    callers: 'by `Authorization`: anybody, IAM-signed requests, or tokens of a JWT issuer',
    limits: '6 MiB, 29 s',
    throttling: '`ThrottlingRate`, all callers together',
    domain: '`DomainName`',
  },
  {
    name: 'function URL',
    door: 'functionUrl',
    turnedOn: '`FunctionUrl`',
    callers: 'IAM-signed requests (`AWS_IAM`), or anybody (`NONE`)',
    limits: '6 MiB, 29 s',
    throttling: '`ReservedConcurrency`: at 5, for example, at most 50 requests a second',
    domain: '[CloudFront](#custom-domain)',
  },
  {
    name: 'REST API',
    door: 'restApi',
    turnedOn: '`RestApi=API_KEY`',
    callers: 'callers with an API key',
    limits: '6 MiB, 29 s',
    throttling: '`KeyRate` for each key, `ThrottlingRate` for all together',
    domain: '`DomainName`, without an HTTP API',
  },
  {
    name: 'direct invocation',
    door: 'direct',
    turnedOn: 'always on',
    callers: 'SDKs and Step Functions with the IAM right to invoke the function',
    limits: '6 MiB, 29 s',
    throttling: '`ReservedConcurrency`',
    domain: 'none',
  },
  {
    name: 'load balancer',
    door: 'direct',
    besides: month,
    turnedOn: 'your own load balancer, with the alias as its target',
    callers: 'anybody who can reach its network',
    limits: '1 MB, 29 s',
    throttling: '`ReservedConcurrency`',
    domain: 'any',
  },
];

/** Writes the table of docs/operations.md that compares the doors. */
export async function writeDoors(costs: readonly Cost[]): Promise<void> {
  await writeMarked('docs/operations.md', 'bench: doors', toDoors(costs));
}

export function toDoors(costs: readonly Cost[]): string {
  const usual = usualCost(costs);
  const header = `| door | turned on by | dollars per million | who may call | body and answer, time | throttling | custom domain |
|---|---|--:|---|---|---|---|`;
  const rows = compared.map(({ name, door, besides, turnedOn, callers, limits, throttling, domain }) => {
    const dollars = [throughDoor(usual, door).toFixed(2), besides].filter(Boolean).join(', and ');
    return `| ${[name, turnedOn, dollars, callers, limits, throttling, domain].join(' | ')} |`;
  });
  return [header, ...rows].join('\n');
}
