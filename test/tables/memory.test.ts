import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { irisLines, withFolder } from '../helpers/batch.ts';
import { ended, startNode } from '../helpers/process.ts';

/** The number of rows that are appended to the input at once. */
const piece = 50_000;

/** The peak memory of each of the two processes of a run, in MiB. */
async function measure(folder: string, rows: number): Promise<{ worker: number; batch: number }> {
  const [input, output] = [join(folder, `${rows}.jsonl`), join(folder, 'out.jsonl')];
  for (let first = 0; first < rows; first += piece) {
    appendFileSync(input, irisLines(piece, { first, badEach: 1000 }));
  }
  const values = ['--keep', 'all', '--jobs', '1', input, output];
  const child = startNode(['local/batch.ts', ...values], { INIT_CWD: '.' }, './test/helpers/peak-memory.ts');
  const { code, stderr } = await ended(child);
  expect(code, stderr).to.equal(0);
  const peakOf = (file: string) => {
    const [, kibibytes] = new RegExp(`^peak memory of ${file}: (\\d+) KiB$`, 'm').exec(stderr) ?? expect.fail(stderr);
    return Number(kibibytes) / 1024;
  };
  return { worker: peakOf('worker.ts'), batch: peakOf('batch.ts') };
}

describe('the memory of npm run batch', () => {
  it('does not grow with the table', async function () {
    this.timeout(300_000);
    await withFolder(async (folder) => {
      const few = await measure(folder, 100_000);
      const many = await measure(folder, 1_000_000);
      expect(many.worker / few.worker).to.be.below(1.6);
      expect(many.batch / few.batch).to.be.below(1.6);
      // The most that both processes together may take.
      expect(many.worker + many.batch).to.be.below(500);
    });
  });
});
