import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import type { Cost } from '../../bench/prices/cost.ts';
import { doors, throughDoor, usualCost } from '../../bench/prices/doors.ts';
import prices from '../../bench/prices/prices.json' with { type: 'json' };
import { toDoors } from '../../bench/report/doors.ts';
import { toMarked } from '../../bench/report/marks.ts';

/** The costs of Sepal in docs/benchmarks.md. */
function readPublished(): Cost[] {
  const rows = readFileSync('docs/benchmarks.md', 'utf8').matchAll(
    /^\| Sepal, ([\d,]+) MB \| ([\d.]+) a second \| (.+) % \| (.+) \|$/gm,
  );
  return [...rows].map(([, megabytes, rate, cold, dollars = '']): Cost => {
    const [requests = 0, compute = 0, total = 0] = dollars.split('|').map(Number);
    const measured = { requests, compute, total, cold: Number(cold) / 100 };
    return { system: 'sepal', megabytes: Number(megabytes?.replace(',', '')), rate: Number(rate), ...measured };
  });
}

describe('the price of a million requests through each door', () => {
  const usual = usualCost(readPublished());

  it('is the price of Lambda plus the price of the door', () => {
    expect(throughDoor(usual, 'functionUrl')).to.equal(0.2 + usual.compute);
    expect(throughDoor(usual, 'httpApi')).to.be.closeTo(usual.total, 1e-9);
    expect(throughDoor(usual, 'restApi') - throughDoor(usual, 'httpApi')).to.be.closeTo(2.5, 1e-9);
    expect(doors).to.include({ httpApi: prices.httpApiPerMillionRequests, functionUrl: 0, direct: 0 });
  });

  it('is in docs/operations.md as computed from docs/benchmarks.md', () => {
    const table = toMarked('bench: doors', toDoors(readPublished()));
    expect(readFileSync('docs/operations.md', 'utf8')).to.include(table);
  });

  it('cannot be computed without a run at one request a second', () => {
    expect(() => usualCost([])).to.throw('no cost of Sepal at a request a second');
  });
});
