import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';

const script = "import('./build/pages.ts').then(({ buildPages }) => buildPages('built'))";

describe('the pages in the image', () => {
  it('are the same as the tested pages, although built without the files that .dockerignore excludes', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sepal-build-'));
    try {
      for (const path of ['package.json', 'build', 'functions']) cpSync(path, join(folder, path), { recursive: true });
      symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
      const options = ['--import', 'tsx', '--input-type=module', '--eval', script];
      const { stderr } = await promisify(execFile)(process.execPath, options, { cwd: folder });
      expect(stderr).to.equal('');
      const built = readdirSync(join(folder, 'built'), { recursive: true, withFileTypes: true });
      const files = built.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
      expect(files.map((path) => relative(join(folder, 'built'), path))).to.have.members([
        'script.js',
        'style.css',
        'docs/script.js',
        'docs/style.css',
        'docs/swagger-ui.LEGAL.txt',
        'docs/swagger-ui.css.gz',
        'docs/swagger-ui.js.gz',
      ]);
      for (const path of files) {
        const tested = readFileSync(join(process.env.PAGE_DIRECTORY ?? '', relative(join(folder, 'built'), path)));
        expect(readFileSync(path).equals(tested), path).to.equal(true);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
