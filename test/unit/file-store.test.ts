import { chmodSync, mkdirSync, readdirSync, readFileSync, renameSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { createFiles } from '../../functions/batch/stores/files.ts';
import { withFolder } from '../helpers/batch.ts';

const files = createFiles();

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all).toString();
}

async function failureOf(run: Promise<unknown>): Promise<Error> {
  const error = await run.then(
    () => undefined,
    (thrown: Error) => thrown,
  );
  return error ?? expect.fail('it did not fail');
}

describe('the store of files', () => {
  it('reads ranges of what it wrote', async () => {
    await withFolder(async (folder) => {
      const path = join(folder, 'a');
      const content = 'x'.repeat(3_000_000);
      await files.put(path, Buffer.from(content));
      const source = await files.stat(path);
      expect(source).to.include({ location: path, size: 3_000_000 });
      expect(await collect(files.read(source, 0, source.size))).to.equal(content);
      expect(await collect(files.read(source, 5, 8))).to.equal('xxx');
      expect(await collect(files.read(source, 8, 8))).to.equal('');
    });
  });

  it('joins bytes and ranges of files in their order, and lists by name', async () => {
    await withFolder(async (folder) => {
      const [a, b, joined] = ['a', 'b', 'joined'].map((name) => join(folder, name)) as [string, string, string];
      await files.put(b, Buffer.from('world'));
      await files.put(a, Buffer.from('hello'));
      await files.join(
        [Buffer.from('<'), { location: a, start: 1, end: 5 }, { location: b, start: 0, end: 5 }],
        joined,
      );
      expect(readFileSync(joined, 'utf8')).to.equal('<elloworld');
      expect(await files.list(folder)).to.deep.equal([
        { location: a, size: 5 },
        { location: b, size: 5 },
        { location: joined, size: 10 },
      ]);
      await files.remove([a, b, join(folder, 'not there')]);
      expect(readdirSync(folder)).to.deep.equal(['joined']);
      expect(await files.get(a)).to.equal(undefined);
      expect(await files.get(joined)).to.deep.equal(Buffer.from('<elloworld'));
    });
  });

  it('leaves no part of a file if writing fails, and keeps the previous file', async () => {
    await withFolder(async (folder) => {
      const path = join(folder, 'a');
      writeFileSync(path, 'before');
      async function* broken() {
        yield Buffer.from('half');
        throw new Error('broken off');
      }
      expect((await failureOf(files.put(path, broken()))).message).to.equal('broken off');
      expect(readdirSync(folder)).to.deep.equal(['a']);
      expect(readFileSync(path, 'utf8')).to.equal('before');
    });
  });

  const changes: [string, (path: string) => void][] = [
    ['is longer', (path) => writeFileSync(path, 'changed!')],
    ['is shorter', (path) => writeFileSync(path, 'x')],
    ['is as long as before', (path) => writeFileSync(path, 'CONTENT')],
    ['was touched', (path) => utimesSync(path, 1, 1)],
    [
      'was replaced by another one',
      (path) => {
        writeFileSync(`${path}2`, 'content');
        renameSync(`${path}2`, path);
      },
    ],
  ];
  for (const [what, change] of changes) {
    it(`reports that a file ${what}, before and while it is read`, async () => {
      await withFolder(async (folder) => {
        const path = join(folder, 'a');
        writeFileSync(path, 'content');
        const source = await files.stat(path);
        const reading = files.read(source, 0, 7)[Symbol.asyncIterator]();
        await reading.next();
        change(path);
        const whileRead = await failureOf(reading.next());
        const before = await failureOf(collect(files.read(source, 0, 7)));
        for (const error of [whileRead, before]) {
          expect(error).to.include({ name: 'InputChanged', message: `${path} has changed since the job began` });
        }
      });
    });
  }

  it('names the file that it cannot read or write, and why', async () => {
    await withFolder(async (folder) => {
      const [missing, inside] = [join(folder, 'missing'), join(folder, 'missing', 'a')];
      const failures: [() => Promise<unknown>, string, string][] = [
        [() => files.stat(missing), 'InputNotFound', `${missing} cannot be read: there is no such file`],
        [() => files.stat(folder), 'InputNotFound', `${folder} cannot be read: it is a folder`],
        [() => files.get(folder), 'InputNotFound', `${folder} cannot be read: it is a folder`],
        [
          () => files.stat('/dev/null'),
          'InputNotFound',
          '/dev/null cannot be read: it is not a regular file, so it could be read only once',
        ],
        [() => files.put(inside, Buffer.of()), 'InvalidJob', `${inside} cannot be written: there is no such folder`],
        [() => files.put(folder, Buffer.of()), 'InvalidJob', `${folder} cannot be written: it is a folder`],
        [
          () => files.stat('/dev/null/a'),
          'InputNotFound',
          '/dev/null/a cannot be read: a part of its path is not a folder',
        ],
        [
          () => files.put('/dev/null/a', Buffer.of()),
          'InvalidJob',
          '/dev/null/a cannot be written: a part of its path is not a folder',
        ],
      ];
      for (const [failure, name, message] of failures) expect(await failureOf(failure())).to.include({ name, message });
    });
  });

  it('reports a full disk as a temporary fault', async () => {
    // Only Linux has /dev/full.
    if (process.platform !== 'linux') return;
    await withFolder(async (folder) => {
      const { withFile } = await import('../../functions/batch/stores/file-errors.ts');
      const { writeFile } = await import('node:fs/promises');
      const error = await failureOf(withFile('write', folder, () => writeFile('/dev/full', 'x')));
      expect(error).to.include({
        name: 'Unavailable',
        message: `${folder} cannot be written: no space is left; make room`,
      });
    });
  });

  it('reports that permission is denied', async () => {
    // The root user can read every file, so permission is never denied.
    if (process.getuid?.() === 0) return;
    await withFolder(async (folder) => {
      const path = join(folder, 'a');
      writeFileSync(path, '');
      chmodSync(path, 0);
      const source = await files.stat(path);
      const reading = await failureOf(collect(files.read(source, 0, 1)));
      expect(reading).to.include({ name: 'InputNotFound', message: `${path} cannot be read: permission is denied` });
      const closed = join(folder, 'closed');
      mkdirSync(closed, 0o500);
      const writing = await failureOf(files.put(join(closed, 'a'), Buffer.of()));
      expect(writing).to.include({ name: 'InvalidJob' });
      expect(writing.message).to.include('permission is denied');
    });
  });
});
