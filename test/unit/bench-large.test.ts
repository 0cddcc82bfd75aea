import { expect } from 'chai';
import type { LargeStart } from '../../bench/measure/large.ts';
import { toSection } from '../../bench/report/large.ts';

const start = (model: string, size: number, times: readonly number[], peak: number, prepare: number): LargeStart => ({
  ...{ model, size, memorySize: 1664 },
  answers: times.map((milliseconds) => ({ milliseconds, peak })),
  steps: times.map(() => ({ read: 10, digest: 10, prepare, run: 0 })),
});

describe('the large models of the benchmark', () => {
  const section = toSection({
    ...{ date: '2026-12-01', commit: '0f078b4' },
    host: { processor: 'some', processors: 2, gigabytes: 24, kernel: '6', node: 'v24' },
    starts: [start('iris', 0.0007, [100, 200, 400], 100, 20), start('forest-150', 150, [3000, 2000, 8000], 1300, 80)],
  });
  const rowsOf = (model: string) => section.split('\n').filter((line) => line.startsWith(`| ${model} |`));

  it('are compared with the start of iris', () => {
    expect(rowsOf('forest-150')[0]).to.equal('| forest-150 | 150 MB | 3.000 s | 20.0 | 1300 MB | 1200 MB | 1,664 |');
    expect(rowsOf('iris')[0]).to.equal('| iris | 0.7 kB | 0.200 s | 1.0 | 100 MB | 0.0 MB | 1,664 |');
  });

  it('list each step of the start with its share', () => {
    expect(rowsOf('forest-150')[1]).to.equal(
      '| forest-150 | 0.010 s (10 %) | 0.010 s (10 %) | 0.080 s (80 %) | 0.000 s (0 %) |',
    );
  });
});
