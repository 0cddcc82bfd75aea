import { expect } from 'chai';
import { createTally } from '../../functions/batch/slices/tally.ts';
import { targetsManifest } from '../helpers/manifest.ts';
import { predictionsOf } from '../helpers/predictions.ts';

describe('createTally', () => {
  it('distinguishes targets and classes whose joined names would be the same', () => {
    const manifest = targetsManifest([
      { name: 'a:b', classes: ['c', 'd'] },
      { name: 'a', classes: ['b:c', 'd'] },
    ]);
    const tally = createTally(manifest, 0);
    const predictions = predictionsOf(manifest, { labels: [0, 0, 1, 0, 1, 0] });
    const answers = Int32Array.of(0, 1, 2);
    tally.add({ rows: 3, feeds: {}, problems: new Map(), kept: [], predictions, table: predictions, answers });
    expect(tally.counts().labels).to.deep.equal({ '"a:b":c': 1, '"a:b":d': 2, 'a:b:c': 3 });
  });
});
