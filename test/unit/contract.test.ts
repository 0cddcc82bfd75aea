import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { type Manifest, parseManifest } from '../../functions/core/model/manifest.ts';
import { toCanonicalJson, toContract } from '../../local/model/contract.ts';
import { packageNames, readGolden, readManifest } from '../helpers/files.ts';
import { regressorManifest } from '../helpers/manifest.ts';

describe('toCanonicalJson', () => {
  const texts: [unknown, string][] = [
    [{ b: 1, a: [true, null, 'x'], B: {} }, '{"B":{},"a":[true,null,"x"],"b":1}'],
    [[1.0, -0, 1e-7, 0.000001, 1e16, 1e21, 123456789.5], '[1,0,1e-7,0.000001,10000000000000000,1e+21,123456789.5]'],
    ['ü "\\ \n \u0007 \u2028 😀', '"ü \\"\\\\ \\n \\u0007 \u2028 😀"'],
    // Keys are sorted by their UTF-16 code units, as JavaScript sorts strings.
    [{ '\uFB01': 1, '😀': 2, '10': 3, '9': 4 }, '{"10":3,"9":4,"😀":2,"\uFB01":1}'],
    [JSON.parse('{"__proto__":1,"a":{"constructor":2}}'), '{"__proto__":1,"a":{"constructor":2}}'],
  ];
  for (const [value, text] of texts) {
    it(`writes ${text}`, () => {
      expect(toCanonicalJson(value)).to.equal(text);
    });
  }
});

describe('toContract', () => {
  for (const name of ['scores', 'values', 'targets', 'outliers', 'clusters']) {
    it(`equals the contract that the Python export computes for a model with ${name}`, () => {
      const folder = 'test/fixtures/answers';
      const manifest = parseManifest(JSON.parse(readFileSync(`${folder}/${name}/model.json`, 'utf8')));
      expect(readGolden(name, folder)).to.have.deep.property('contract', toContract(manifest));
    });
  }

  for (const name of packageNames()) {
    it(`equals the contract that the Python export computes: ${name}`, () => {
      expect(readGolden(name)).to.have.deep.property('contract', toContract(parseManifest(readManifest(name))));
    });
  }

  const manifest = regressorManifest();
  const contract = toContract(manifest);
  const of = (changes: object) => toContract({ ...manifest, ...changes } as Manifest);

  it('stays the same if only editable members change', () => {
    const features = manifest.features.map((feature) => ({ ...feature, unit: 'mm' }));
    const edited = { $schema: 'x', version: '9', description: 'x', examples: [], classes: ['a'], features };
    expect(of({ ...edited, target: { ...manifest.target, unit: 'x' } })).to.deep.equal(contract);
  });

  it('changes if another member, the name of the target or the order of features changes', () => {
    const [first, second, ...others] = manifest.features;
    expect(of({ features: [second, first, ...others] })).not.to.deep.equal(contract);
    for (const key of [
      'name',
      'file',
      'sha256',
      'opset',
      'producers',
      'inputs',
      'outputs',
      'metrics',
      'parity',
      'task',
    ]) {
      expect(of({ [key]: {} }), key).not.to.deep.equal(contract);
    }
    expect(of({ target: { ...manifest.target, name: 'x' } })).not.to.deep.equal(contract);
  });
});
