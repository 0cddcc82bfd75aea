import { expect } from 'chai';
import { checkColumns } from '../../functions/batch/output-columns.ts';
import { parseManifest } from '../../functions/core/model/manifest.ts';
import { readManifest } from '../helpers/files.ts';
import { regressorManifest, targetsManifest, valuesManifest } from '../helpers/manifest.ts';

const iris = parseManifest(readManifest());
const csv = { outputFormat: { kind: 'csv', gzip: false }, probabilities: true } as const;
const jsonl = { outputFormat: { kind: 'jsonl', gzip: false }, probabilities: true } as const;

describe('checkColumns', () => {
  const refused: [readonly string[], typeof csv | typeof jsonl, string][] = [
    [['id', 'id'], csv, 'keep names "id" more than once'],
    [
      ['label'],
      csv,
      'The output has a column "label" of its own: keep the others, or give it another name in the input',
    ],
    [['error'], jsonl, '"error" of its own'],
    [['setosa'], csv, '"setosa" of its own'],
    [['probabilities'], jsonl, '"probabilities" of its own'],
  ];
  for (const [kept, asked, message] of refused) {
    it(`refuses ${kept} in ${asked.outputFormat.kind}`, () => {
      expect(() => checkColumns(kept, asked, iris))
        .to.throw(message)
        .with.property('name', 'InvalidJob');
    });
  }

  it('takes what stands nowhere else', () => {
    checkColumns(['id', 'value', 'probabilities'], csv, iris);
    checkColumns(['setosa', 'value'], jsonl, iris);
    checkColumns(['setosa'], { ...csv, probabilities: false }, iris);
    checkColumns(['label'], csv, regressorManifest());
    expect(() => checkColumns(['value'], csv, regressorManifest())).to.throw('"value" of its own');
  });

  it('refuses a class that is called like a column, but in JSON', () => {
    const manifest = { ...iris, classes: ['error', 'ok', 'label'] } as typeof iris;
    expect(() => checkColumns([], csv, manifest)).to.throw('The model has a class "error", as a column is called');
    checkColumns([], jsonl, manifest);
  });

  it('knows the columns of several targets', () => {
    const classes = ['red', 'blue'];
    const manifest = targetsManifest([
      { name: 'colour', classes },
      { name: 'size', classes },
    ]);
    expect(() => checkColumns(['size:red'], csv, manifest)).to.throw('"size:red" of its own');
    expect(() => checkColumns(['labels'], jsonl, manifest)).to.throw('"labels" of its own');
    checkColumns(['size:red', 'colour'], jsonl, manifest);
    checkColumns(['size:red'], { ...csv, probabilities: false }, manifest);
    const alike = targetsManifest([
      { name: 'size', classes: ['a', 'b'] },
      { name: 'size:a', classes },
    ]);
    expect(() => checkColumns([], csv, alike)).to.throw(
      'The model has a target or class "size:a", as a column is called: leave probabilities out, or write JSON Lines',
    );
    checkColumns([], { ...csv, probabilities: false }, alike);
    const error = valuesManifest(['error', 'x']);
    expect(() => checkColumns([], csv, error)).to.throw('"error", as a column is called: write');
  });
});
