import { readdirSync } from 'node:fs';
import { expect } from 'chai';
import { loadModel } from '../../functions/core/model/load.ts';
import { packageNames, readGolden } from '../helpers/files.ts';
import { differBesideOthers } from '../helpers/neighbours.ts';

const packages = [
  ...packageNames().map((name) => ['models', name] as const),
  ...readdirSync('test/fixtures/classes').map((name) => ['test/fixtures/classes', name] as const),
  ...['diabetes', 'fifty'].map((name) => ['test/fixtures', name] as const),
];

describe('the answer to a row', () => {
  for (const [directory, name] of packages) {
    it(`of ${name} has the same bits alone as among any number of other rows`, async () => {
      const model = await loadModel(directory, name);
      expect(await differBesideOthers(model, readGolden(name, directory).instances)).to.deep.equal([]);
    });
  }
});
