import { expect } from 'chai';
import { type Bom, type ImageContents, toImageBom } from '../../build/image-bom.ts';

const library = (ref: string) => ({ 'bom-ref': ref, type: 'library', name: ref.replace(/@[^@]+$/, '') });
const npm: Bom = {
  bomFormat: 'CycloneDX',
  metadata: { component: { 'bom-ref': 'sepal@1', type: 'library', name: 'folder' } },
  components: [library('kept@1'), library('@scope/below@2'), library('left-out@3'), library('kept@2')],
  dependencies: [
    { ref: 'sepal@1', dependsOn: ['kept@1', 'left-out@3'] },
    { ref: 'kept@1', dependsOn: ['@scope/below@2', 'left-out@3'] },
    { ref: '@scope/below@2' },
    { ref: 'left-out@3', dependsOn: ['kept@2'] },
    { ref: 'kept@2' },
  ],
};
const contents: ImageContents = {
  base: 'registry.example:5000/lambda/nodejs:24',
  packages: new Set(['kept@1', '@scope/below@2']),
  files: [
    { path: 'app.mjs', sha256: 'a1' },
    {
      path: 'models/iris/model.onnx',
      sha256: 'b2',
      model: { name: 'iris', version: '1.0.0', description: 'Irises' },
    },
  ],
};
const bom = toImageBom(npm, contents);
const baseOf = (base: string) => toImageBom(npm, { ...contents, base }).components[0];

describe('toImageBom', () => {
  it('keeps only the bundled packages, by name and version', () => {
    const libraries = bom.components.filter(({ type }) => type === 'library');
    expect(libraries.map((component) => component['bom-ref'])).to.deep.equal(['kept@1', '@scope/below@2']);
  });

  it('keeps the dependencies between listed components', () => {
    const dependencies = Object.fromEntries(bom.dependencies.map(({ ref, dependsOn }) => [ref, dependsOn ?? []]));
    expect(dependencies).to.deep.equal({
      'sepal@1': [contents.base, 'app.mjs', 'models/iris/model.onnx', 'kept@1'],
      'kept@1': ['@scope/below@2'],
      '@scope/below@2': [],
      [contents.base]: [],
      'app.mjs': [],
      'models/iris/model.onnx': [],
    });
  });

  it('lists the model as a machine-learning model', () => {
    const model = bom.components.find(({ type }) => type === 'machine-learning-model');
    expect(model).to.deep.equal({
      'bom-ref': 'models/iris/model.onnx',
      type: 'machine-learning-model',
      name: 'iris',
      version: '1.0.0',
      description: 'Irises',
      hashes: [{ alg: 'SHA-256', content: 'b2' }],
    });
  });

  it('says whether the base image is pinned', () => {
    const name = 'registry.example:5000/lambda/nodejs';
    const properties = [{ name: 'sepal:base', value: 'not pinned by its digest' }];
    const digest = '0f'.repeat(32);
    expect(baseOf(`${name}:24`)).to.deep.include({ name, version: '24', properties });
    expect(baseOf(name)).to.deep.include({ name, properties }).and.not.have.property('version');
    for (const tag of ['', ':24']) {
      const pinned = baseOf(`${name}${tag}@sha256:${digest}`);
      expect(pinned).to.deep.include({ name, hashes: [{ alg: 'SHA-256', content: digest }] });
      expect(pinned).to.include({ purl: `pkg:oci/nodejs@sha256%3A${digest}?repository_url=${name}` });
      expect(pinned).not.to.have.property('properties');
    }
  });
});
