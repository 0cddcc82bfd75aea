import { withFolder } from '../helpers/batch.ts';
import { killAndResume, runUndisturbed, type Undisturbed } from '../helpers/batch-killing.ts';

/** The others are in test/batch. */
const seeds = [1, 2, 3];

describe('a run of npm run batch that is killed', () => {
  it(`ends with the bytes of an undisturbed run, for seeds ${seeds}`, async function () {
    this.timeout(300_000);
    await withFolder(async (folder) => {
      const undisturbed: Undisturbed = await runUndisturbed(folder);
      for (const seed of seeds) await killAndResume(seed, undisturbed);
    });
  });
});
