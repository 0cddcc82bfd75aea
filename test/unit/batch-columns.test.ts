import { expect } from 'chai';
import { checkColumns } from '../../functions/batch/job/output-columns.ts';
import { parseManifest } from '../../functions/core/model/manifest.ts';
import { readManifest } from '../helpers/files.ts';
import { regressorManifest, targetsManifest, valuesManifest } from '../helpers/manifest.ts';

const iris = parseManifest(readManifest());
const csv = { outputFormat: { kind: 'csv', gzip: false }, probabilities: true } as const;
const jsonl = { outputFormat: { kind: 'jsonl', gzip: false }, probabilities: true } as const;

describe('checkColumns', () => {
  const refused: [readonly string[], typeof csv | typeof jsonl, string][] = [
    [['id', 'id'], csv, 'keep names "id" more than once'],
    [['label'], csv, 'The prediction already has a column "label": do not keep this one, or rename it in the input'],
    [['error'], jsonl, 'already has a column "error"'],
    [['setosa'], csv, 'already has a column "setosa"'],
    [['probabilities'], jsonl, 'already has a column "probabilities"'],
  ];
  for (const [kept, asked, message] of refused) {
    it(`refuses to keep ${kept} in ${asked.outputFormat.kind}`, () => {
      expect(() => checkColumns(kept, asked, iris))
        .to.throw(message)
        .with.property('name', 'InvalidJob');
    });
  }

  it('accepts columns to keep if the output has no columns with their names', () => {
    checkColumns(['id', 'value', 'probabilities'], csv, iris);
    checkColumns(['setosa', 'value'], jsonl, iris);
    checkColumns(['setosa'], { ...csv, probabilities: false }, iris);
    checkColumns(['label'], csv, regressorManifest());
    expect(() => checkColumns(['value'], csv, regressorManifest())).to.throw('already has a column "value"');
  });

  it('refuses to keep columns with the names of explanation columns', () => {
    const kept = ['base', 'contribution:petal_width', 'contributions', 'reasons'];
    const clashes = (asked: Parameters<typeof checkColumns>[1]) =>
      kept.filter((name) => {
        try {
          checkColumns([name], asked, iris);
          return false;
        } catch {
          return true;
        }
      });
    expect(clashes(csv)).to.deep.equal([]);
    expect(clashes({ ...csv, explain: true, probabilities: false })).to.deep.equal(kept.slice(0, 2));
    expect(clashes({ ...jsonl, explain: true })).to.deep.equal(['base', 'contributions', 'reasons']);
  });

  it('refuses a class with the name of another column, except in JSON', () => {
    const manifest = { ...iris, classes: ['error', 'ok', 'label'] } as typeof iris;
    expect(() => checkColumns([], csv, manifest)).to.throw(
      'The model has a class "error", which is also the name of another column',
    );
    checkColumns([], jsonl, manifest);
  });

  it('refuses columns whose names clash with those of several targets', () => {
    const classes = ['red', 'blue'];
    const manifest = targetsManifest([
      { name: 'colour', classes },
      { name: 'size', classes },
    ]);
    expect(() => checkColumns(['size:red'], csv, manifest)).to.throw('already has a column "size:red"');
    expect(() => checkColumns(['labels'], jsonl, manifest)).to.throw('already has a column "labels"');
    checkColumns(['size:red', 'colour'], jsonl, manifest);
    checkColumns(['size:red'], { ...csv, probabilities: false }, manifest);
    const alike = targetsManifest([
      { name: 'size', classes: ['a', 'b'] },
      { name: 'size:a', classes },
    ]);
    expect(() => checkColumns([], csv, alike)).to.throw(
      'The model has a target or class "size:a", which is also the name of another column: leave probabilities out, or write JSON Lines',
    );
    checkColumns([], { ...csv, probabilities: false }, alike);
    const error = valuesManifest(['error', 'x']);
    expect(() => checkColumns([], csv, error)).to.throw('"error", which is also the name of another column: write');
  });
});
