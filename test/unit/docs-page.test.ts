import { expect } from 'chai';
import { parseManifest } from '../../functions/core/model/manifest.ts';
import { toDocsContent, toDocsFileContent } from '../../functions/predict/pages/docs-page.ts';
import { readManifest } from '../helpers/files.ts';

const iris = parseManifest(readManifest());
const readAsset = (name: string) => Buffer.from(`/* ${name} */`);
const toNames = (read = readAsset) => {
  const page = String(toDocsContent(iris, {}, read).body);
  return Object.values<string>(JSON.parse(/id="files">([^<]+)</.exec(page)?.[1] ?? ''));
};

describe('toDocsContent', () => {
  it('names the model, and escapes the name', () => {
    expect(toDocsContent(iris, {}, readAsset).body).to.include('<title>iris 1.0.0: API</title>');
    const hostile = { ...iris, name: '</title><script>alert(1)</script>' };
    expect(toDocsContent(hostile, {}, readAsset).body).not.to.include('<script>alert');
  });

  it('gives the files other names if their contents have changed', () => {
    const changed = toNames((name) => Buffer.from(`/* new ${name} */`));
    expect(toNames()).to.have.length(2);
    for (const name of toNames()) expect(changed).not.to.include(name);
  });
});

describe('toDocsFileContent', () => {
  it('answers the files that the page names, and no others', () => {
    for (const file of toNames()) {
      const { isPacked, body } = toDocsFileContent(iris, { file }, readAsset);
      expect([isPacked, String(body)]).to.deep.equal([true, `/* docs/swagger-ui.${file.split('.').at(-1)}.gz */`]);
    }
    const [script = ''] = toNames();
    for (const file of [script.replace('.js', '.css'), 'swagger-ui.js', '../style.css', '', undefined]) {
      expect(() => toDocsFileContent(iris, file === undefined ? {} : { file }, readAsset))
        .to.throw('Expected a file that the page GET /docs loads; reload the page')
        .with.property('status', 404);
    }
  });
});
