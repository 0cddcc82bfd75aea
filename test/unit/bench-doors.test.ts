import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import type { Cost } from '../../bench/prices/cost.ts';
import { doors, throughDoor, usualCost } from '../../bench/prices/doors.ts';
import prices from '../../bench/prices/prices.json' with { type: 'json' };
import { toDoors } from '../../bench/report/doors.ts';
import { toMarked } from '../../bench/report/marks.ts';

/** Of Sepal, by the run that docs/benchmarks.md tells of. */
function readPublished(): Cost[] {
  const rows = readFileSync('docs/benchmarks.md', 'utf8').matchAll(
    /^\| sepal, (\d+) MB \| ([\d.]+) \| (.+) % \| (.+) \|$/gm,
  );
  return [...rows].map(([, megabytes, rate, cold, dollars = '']): Cost => {
    const [requests = 0, compute = 0, total = 0] = dollars.split('|').map(Number);
    const measured = { requests, compute, total, cold: Number(cold) / 100 };
    return { system: 'sepal', megabytes: Number(megabytes), rate: Number(rate), ...measured };
  });
}

describe('what a million requests cost by each door', () => {
  const usual = usualCost(readPublished());

  it('is Lambda, and what the door asks', () => {
    expect(throughDoor(usual, 'functionUrl')).to.equal(0.2 + usual.compute);
    expect(throughDoor(usual, 'httpApi')).to.be.closeTo(usual.total, 1e-9);
    expect(throughDoor(usual, 'restApi') - throughDoor(usual, 'httpApi')).to.be.closeTo(2.5, 1e-9);
    expect(doors).to.include({ httpApi: prices.httpApiPerMillionRequests, functionUrl: 0, direct: 0 });
  });

  it('stands in docs/operations.md as the run of docs/benchmarks.md gave it', () => {
    const table = toMarked('bench: doors', toDoors(readPublished()));
    expect(readFileSync('docs/operations.md', 'utf8')).to.include(table);
  });

  it('is not told without a run at a request a second', () => {
    expect(() => usualCost([])).to.throw('no cost of Sepal at a request a second');
  });
});
