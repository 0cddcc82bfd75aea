import { expect } from 'chai';
import { createS3Store } from '../../functions/batch/stores/s3.ts';
import type { Piece, Store } from '../../functions/batch/stores/store.ts';
import { accessTo, makeBucket, servers } from './aws.ts';

const mebibyte = 2 ** 20;

/** Bytes that depend on their position and on the seed, so that tests notice misplaced bytes. */
function toBytes(length: number, seed = 0): Uint8Array {
  const words = new Uint32Array(Math.ceil(length / 4));
  for (let index = 0; index < words.length; index += 1) words[index] = Math.imul(index + seed * 7919, 2_654_435_761);
  return new Uint8Array(words.buffer, 0, length);
}

async function readAll(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all);
}

async function* inChunks(bytes: Uint8Array, length: number) {
  for (let start = 0; start < bytes.length; start += length) yield bytes.subarray(start, start + length);
}

async function nameOf(failing: Promise<unknown>): Promise<string> {
  return failing.then(
    () => 'nothing failed',
    (error: Error) => error.name,
  );
}

for (const [server, endpoint] of Object.entries(servers)) {
  describe(`the S3 store, on ${server}`, () => {
    let store: Store;
    let root: string;

    before(async () => {
      store = createS3Store(accessTo(endpoint), 10);
      root = `s3://${await makeBucket(endpoint)}`;
    });

    const expectStored = async (location: string, expected: Uint8Array) => {
      const source = await store.stat(location);
      expect(source.size).to.equal(expected.length);
      const stored = await readAll(store.read(source, 0, source.size));
      expect(stored.equals(expected), `${location} is as it was written`).to.equal(true);
    };

    const keys = ['plain.csv', "a b/c+d/é~(1)!*'.csv", 'x=1&y=2?z#.csv', '%41.csv'];
    // versitygw stores objects as files, and the path of a file cannot have an empty segment.
    for (const key of server === 'versitygw' ? keys : [...keys, 'a//b.csv']) {
      it(`keeps an object called ${key}`, async () => {
        const location = `${root}/names/${key}`;
        await store.put(location, toBytes(1000));
        await expectStored(location, toBytes(1000));
        expect(Buffer.from((await store.get(location)) ?? []).equals(toBytes(1000))).to.equal(true);
        const listed = await store.list(`${root}/names`);
        expect(listed).to.deep.include({ location, size: 1000 });
        await store.remove([location]);
        expect(await store.get(location)).to.equal(undefined);
      });
    }

    it('reads the requested range', async () => {
      const location = `${root}/range`;
      await store.put(location, toBytes(100_000));
      const source = await store.stat(location);
      for (const [start = 0, end = 0] of [
        [0, 1],
        [5, 5],
        [10, 99_999],
        [99_999, 100_000],
      ]) {
        const read = await readAll(store.read(source, start, end));
        expect(read.equals(toBytes(100_000).subarray(start, end)), `${start} to ${end}`).to.equal(true);
      }
    });

    it('stores empty content and an empty join as empty objects', async () => {
      await store.put(`${root}/empty`, new Uint8Array());
      await expectStored(`${root}/empty`, new Uint8Array());
      await store.join([], `${root}/joined-empty`);
      await expectStored(`${root}/joined-empty`, new Uint8Array());
    });

    it('refuses to read an object that has changed since it was found', async () => {
      const location = `${root}/changed`;
      await store.put(location, toBytes(1000, 1));
      const source = await store.stat(location);
      await store.put(location, toBytes(1000, 2));
      expect(await nameOf(readAll(store.read(source, 0, 10)))).to.equal('InputChanged');
    });

    it('reports missing objects and buckets', async () => {
      expect(await nameOf(store.stat(`${root}/none`))).to.equal('InputNotFound');
      expect(await nameOf(store.stat('s3://no-such-bucket-anywhere/none'))).to.equal('InputNotFound');
      expect(await nameOf(store.put('s3://no-such-bucket-anywhere/none', toBytes(1)))).to.equal('InvalidJob');
      expect(await store.get(`${root}/none`)).to.equal(undefined);
      expect(await store.list(`${root}/none`)).to.deep.equal([]);
    });

    it('lists more objects than fit one page, in the order of their names', async () => {
      const names = Array.from({ length: 1100 }, (_, index) => `${root}/many/part-${String(index).padStart(5, '0')}`);
      await Promise.all(names.map((name) => store.put(name, toBytes(1))));
      expect((await store.list(`${root}/many`)).map(({ location }) => location)).to.deep.equal(names);
      await store.remove(names);
      expect(await store.list(`${root}/many`)).to.deep.equal([]);
    });

    for (const length of [0, 1000, 32 * mebibyte, 32 * mebibyte + 1, 70 * mebibyte]) {
      it(`writes a stream of ${length} bytes`, async () => {
        const bytes = toBytes(length);
        await store.put(`${root}/stream`, inChunks(bytes, 1_000_000));
        await expectStored(`${root}/stream`, bytes);
      });
    }

    it('stores no object if a stream breaks off', async () => {
      const location = `${root}/broken`;
      async function* breakingOff() {
        yield* inChunks(toBytes(70 * mebibyte), mebibyte);
        throw new Error('it broke off');
      }
      expect(await nameOf(store.put(location, breakingOff()))).to.equal('Error');
      expect(await store.get(location)).to.equal(undefined);
    });

    const lengths = {
      'a header and small parts': [20, 1000, 2000, 1],
      'small parts that are long in total': Array.from({ length: 30 }, () => 500_000),
      'a header, long parts, and a short last one': [20, 6 * mebibyte, 7 * mebibyte, 5],
      'parts of every length': [6 * mebibyte, 100, 5 * mebibyte, 3 * mebibyte, 12 * mebibyte, 1, 5 * mebibyte + 1],
    };
    for (const [what, list] of Object.entries(lengths)) {
      it(`joins ${what}`, async () => {
        const parts = list.map((length, index) => toBytes(length, index));
        const [header = new Uint8Array(), ...rest] = parts;
        const stored = rest.map(async (bytes, index): Promise<Piece> => {
          const location = `${root}/parts/${index}`;
          await store.put(location, bytes);
          return { location, start: 0, end: bytes.length };
        });
        await store.join([header, ...(await Promise.all(stored))], `${root}/joined`);
        await expectStored(`${root}/joined`, Buffer.concat(parts));
      });
    }

    it('stores no object if a part of a join is missing', async () => {
      await store.put(`${root}/there`, toBytes(9 * mebibyte));
      const pieces = ['there', 'gone'].map((name) => ({ location: `${root}/${name}`, start: 0, end: 9 * mebibyte }));
      expect(await nameOf(store.join(pieces, `${root}/half`))).to.be.oneOf([
        'InvalidJob',
        'InputNotFound',
        'Unavailable',
      ]);
      expect(await store.get(`${root}/half`)).to.equal(undefined);
    });
  });
}
