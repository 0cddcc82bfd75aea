import { expect } from 'chai';
import { withFolder } from '../helpers/batch.ts';
import { killAndResume, runUndisturbed } from '../helpers/batch-killing.ts';

/** Jobs that are killed, each at moments of its own. */
const seeds = Number(process.env.KILL_SEEDS ?? 40);
/** Jobs at once: a start takes most of the time. */
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
      // Else nothing was killed.
      expect(runs).to.be.above(seeds);
    });
  });
});
