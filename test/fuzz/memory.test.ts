import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect } from 'chai';
import fc from 'fast-check';
import { handler } from '../../functions/predict/app.ts';
import { createContext } from '../../local/context.ts';
import { httpEvent } from '../helpers/arbitraries.ts';
import { captureOutput } from '../helpers/output.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const requests = 100_000;
const events = fc.sample(httpEvent, 2000);

/** Sends `count` requests; statuses by how often they came. */
async function send(count: number, statuses: Map<number, number>): Promise<void> {
  for (let sent = 0; sent < count; sent += events.length) {
    await captureOutput(async () => {
      for (const event of events) {
        const { statusCode } = (await handler(event, createContext('request-1'))) as { statusCode: number };
        statuses.set(statusCode, (statuses.get(statusCode) ?? 0) + 1);
      }
    });
  }
}

function heapMegabytes(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed / 1e6;
}

describe('memory', () => {
  it(`stays flat over ${requests} fuzzed requests`, async () => {
    const statuses = new Map<number, number>();
    await send(requests / 10, statuses);
    const early = heapMegabytes();
    await send(requests * 0.9, statuses);
    const late = heapMegabytes();
    const counts = [...statuses].toSorted().map(([status, count]) => `${status}: ${count}`);
    console.log(
      `      heap ${early.toFixed(1)} MB after ${requests / 10} requests, ${late.toFixed(1)} MB after ${requests}`,
    );
    console.log(`      ${counts.join(', ')}`);
    expect([...statuses.keys()].filter((status) => status >= 500)).to.deep.equal([]);
    expect(late).to.be.below(early * 1.1 + 1);
  }).timeout(600_000);
});
