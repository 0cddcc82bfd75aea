import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect } from 'chai';
import fc from 'fast-check';
import { handler } from '../../functions/predict/start/app.ts';
import { createContext } from '../../local/context.ts';
import { httpEvent } from '../helpers/arbitraries.ts';
import { nearValidEvent } from '../helpers/near-valid.ts';
import { captureOutput } from '../helpers/output.ts';
import { expectWellFormed } from '../helpers/well-formed.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const requests = 100_000;
const batch = 1000;
/** Events, most of which reach the model. */
const event = fc.oneof({ weight: 3, arbitrary: nearValidEvent }, { weight: 1, arbitrary: httpEvent });

/** The forms of answers that must all occur. */
const forms = ['application/json', 'application/octet-stream', 'text/csv'].flatMap((type) => [type, `${type}, gzip`]);

/** How often each status and each form of answer occurred. */
type Counts = Map<string, number>;

/** Sends the events of a round. Its seed makes them differ from those of the other rounds. */
async function send(round: number, counts: Counts): Promise<void> {
  const property = fc.asyncProperty(event, async (one) => {
    const { status, form } = expectWellFormed(await handler(one, createContext('request-1')));
    for (const key of [String(status), ...(status === 200 ? [`200 ${form}`] : [])]) {
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  });
  await captureOutput(() => fc.assert(property, { numRuns: batch, seed: round }));
}

/** The memory in use, in MB. */
interface Memory {
  readonly heap: number;
  readonly resident: number;
}

function readMemory(): Memory {
  collectGarbage();
  const { heapUsed, rss } = process.memoryUsage();
  return { heap: heapUsed / 1e6, resident: rss / 1e6 };
}

function print(seen: ReadonlyMap<number, Memory>, counts: Counts): void {
  for (const [round, { heap, resident }] of seen) {
    console.log(`      ${round * batch} requests: ${heap.toFixed(1)} MB of heap, ${resident.toFixed(0)} MB resident`);
  }
  for (const [what, count] of [...counts].toSorted()) console.log(`      ${what}: ${count}`);
}

describe('memory', () => {
  it(`stays flat over ${requests} fuzzed requests, and each answer is well-formed`, async () => {
    const counts: Counts = new Map();
    if (process.env.FUZZ_SEED) return send(Number(process.env.FUZZ_SEED), counts);
    const rounds = requests / batch;
    const seen = new Map<number, Memory>();
    for (let round = 1; round <= rounds; round += 1) {
      await send(round, counts);
      if (round === rounds / 10 || round === rounds) seen.set(round, readMemory());
    }
    print(seen, counts);
    const [early, late] = [...seen.values()];
    expect(late?.heap).to.be.below(Number(early?.heap) * 1.1 + 1);
    // Without these checks the test would pass even if most requests were refused, or all were answered in one form.
    expect(counts.get('200')).to.be.above(requests / 2);
    for (const form of forms) expect(counts.get(`200 ${form}`), form).to.be.above(requests / 1000);
  }).timeout(600_000);
});
