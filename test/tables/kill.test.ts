import { expect } from 'chai';
import { withFolder } from '../helpers/batch.ts';
import { killAndResume, runUndisturbed } from '../helpers/batch-killing.ts';

/** The number of jobs. Each of them is killed at other moments. */
const seeds = Number(process.env.KILL_SEEDS ?? 40);
/** The number of jobs that run at once. They overlap, because starting a process takes most of the time. */
const together = 2;

describe('runs of npm run batch that are killed', () => {
  it(`end with the bytes of an undisturbed run, ${seeds} times`, async function () {
    this.timeout(0);
    await withFolder(async (folder) => {
      const undisturbed = await runUndisturbed(folder);
      let [next, runs] = [100, 0];
      const work = async () => {
        while (next < 100 + seeds) {
          next += 1;
          runs += await killAndResume(next, undisturbed);
        }
      };
      await Promise.all(Array.from({ length: together }, work));
      // Without this check the test would pass even if no process had been killed.
      expect(runs).to.be.above(seeds);
    });
  });
});
