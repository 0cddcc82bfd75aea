import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';

const script = "import('./build/playground.ts').then(({ buildPlayground }) => buildPlayground('built'))";

describe('the playground in the image', () => {
  it('is the one that is tested, though it is built without the files that .dockerignore leaves out', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sepal-build-'));
    try {
      for (const path of ['package.json', 'build', 'functions']) cpSync(path, join(folder, path), { recursive: true });
      symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
      const options = ['--import', 'tsx', '--input-type=module', '--eval', script];
      const { stderr } = await promisify(execFile)(process.execPath, options, { cwd: folder });
      expect(stderr).to.equal('');
      for (const name of ['script.js', 'style.css']) {
        const tested = readFileSync(join(process.env.PAGE_DIRECTORY ?? '', name), 'utf8');
        expect(readFileSync(join(folder, 'built', name), 'utf8'), name).to.equal(tested);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
