import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { takeLock } from '../../local/batch/lock.ts';
import { withFolder } from '../helpers/batch.ts';

describe('takeLock', () => {
  it('refuses a lock that a running process holds, until it is released', async () => {
    await withFolder(async (folder) => {
      const path = join(folder, 'lock');
      const release = takeLock(path);
      expect(() => takeLock(path))
        .to.throw(`Process ${process.pid} is writing this output`)
        .with.property('name', 'InvalidJob');
      expect(readdirSync(folder)).to.deep.equal(['lock']);
      release();
      expect(existsSync(path)).to.equal(false);
      takeLock(path)();
    });
  });

  it('takes over a lock of a process that has ended, even if another process now has its id', async () => {
    await withFolder(async (folder) => {
      const path = join(folder, 'lock');
      const { pid } = spawnSync(process.execPath, ['--version']);
      const others = [`${pid} 1\n`, `${pid}\n`, 'not a number', ''];
      // The lock stores the start time of its process, which only Linux reports.
      if (existsSync('/proc/self/stat')) others.push(`${process.pid} 1\n`);
      for (const other of others) {
        writeFileSync(path, other);
        const release = takeLock(path);
        expect(readFileSync(path, 'utf8')).to.match(new RegExp(`^${process.pid}\\b`));
        release();
        expect(readdirSync(folder)).to.deep.equal([]);
      }
    });
  });
});
