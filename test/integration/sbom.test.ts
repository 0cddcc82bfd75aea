import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import type { Bom } from '../../build/image-bom.ts';
import { packageFiles } from '../helpers/files.ts';
import { toFiles, writeSbom } from '../helpers/sbom.ts';

const docs = ['script.js', 'style.css', 'swagger-ui.LEGAL.txt', 'swagger-ui.css.gz', 'swagger-ui.js.gz'];
const digest = 'c0ffee00'.repeat(8);
const base = `public.ecr.aws/lambda/nodejs:24@sha256:${digest}`;
const sha256 = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');

describe('npm run sbom', () => {
  let bom: Bom;

  before(async () => {
    bom = await writeSbom('--base', base);
  });

  it('writes a CycloneDX document of the image', () => {
    expect(bom).to.include({ bomFormat: 'CycloneDX', specVersion: '1.5' });
    expect(bom.metadata.component).to.include({ type: 'container', name: 'sepal' });
  });

  it('lists each file by its hash', () => {
    expect(toFiles(bom)).to.deep.equal({
      'app.mjs': sha256('dist/function/app.mjs'),
      'batch.mjs': sha256('dist/function/batch.mjs'),
      'batch.mjs.LEGAL.txt': sha256('dist/function/batch.mjs.LEGAL.txt'),
      'libonnxruntime.so.1': sha256('dist/onnxruntime/libonnxruntime.so.1'),
      'onnxruntime_binding.node': sha256('dist/onnxruntime/onnxruntime_binding.node'),
      'predict.cjs': sha256('dist/function/predict.cjs'),
      'predict.cjs.LEGAL.txt': sha256('dist/function/predict.cjs.LEGAL.txt'),
      'playground/script.js': sha256('dist/function/playground/script.js'),
      'playground/style.css': sha256('dist/function/playground/style.css'),
      ...Object.fromEntries(
        docs.map((name) => [`playground/docs/${name}`, sha256(`dist/function/playground/docs/${name}`)]),
      ),
      ...Object.fromEntries(packageFiles().map((path) => [path, sha256(path)])),
    });
  });

  it('lists exactly the packages that the bundles contain, with licence and hash', () => {
    const libraries = bom.components.filter(({ type }) => type === 'library');
    const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
    expect(libraries.map(({ name }) => name)).to.have.members([
      ...Object.keys(dependencies),
      '@aws/lambda-invoke-store',
      'fzstd',
      'hysnappy',
      'onnxruntime-common',
    ]);
    for (const library of libraries) expect(library).to.include.keys('licenses', 'hashes', 'purl');
  });

  it('names the base image by its digest', () => {
    const component = bom.components.find(({ type }) => type === 'container');
    expect(component).to.deep.include({ name: 'public.ecr.aws/lambda/nodejs', version: '24' });
    expect(component?.hashes).to.deep.equal([{ alg: 'SHA-256', content: digest }]);
  });
});
