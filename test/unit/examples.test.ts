import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { examplesIn, withExamples } from '../../build/examples/documents.ts';

const tracked = (...patterns: string[]) =>
  execFileSync('git', ['ls-files', ...patterns], { encoding: 'utf8' })
    .trim()
    .split('\n');
const documents = tracked('*.md').map((path) => ({ path, text: readFileSync(path, 'utf8') }));

describe('the examples', () => {
  for (const { path, text } of documents.filter((document) => examplesIn(document.text).length > 0)) {
    it(`are the same in ${path} as in examples/ (npm run examples writes them)`, () => {
      expect(text).to.equal(withExamples(text));
    });
  }

  it('are all shown in a document', () => {
    const programs = tracked('examples/*.sh', 'examples/*.py', 'examples/*.ts');
    expect(new Set(documents.flatMap(({ text }) => examplesIn(text)))).to.deep.equal(new Set(programs));
  });
});
