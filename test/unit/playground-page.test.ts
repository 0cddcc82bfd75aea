import { expect } from 'chai';
import { parseManifest } from '../../functions/core/model/manifest.ts';
import { toPlaygroundPage } from '../../functions/predict/pages/playground-page.ts';
import { readManifest, readPublished } from '../helpers/files.ts';

const code = { style: 'body{}', script: 'run()' };

describe('toPlaygroundPage', () => {
  it('holds the public part of the manifest', () => {
    const page = toPlaygroundPage(parseManifest(readManifest()), code);
    const [, block = ''] = /<script type="application\/json" id="manifest">(.*)<\/script>/.exec(page) ?? [];
    expect(JSON.parse(block)).to.deep.equal(readPublished());
  });

  it('escapes the texts of the manifest', () => {
    const description = '</script><script>alert(1)</script><!-- " \' &';
    const page = toPlaygroundPage(parseManifest({ ...readManifest(), description }), code);
    expect(page.match(/<script/g)).to.have.length(2);
    expect(page).not.to.include('alert(1)</script>').and.not.to.include('<!--');
  });
});
