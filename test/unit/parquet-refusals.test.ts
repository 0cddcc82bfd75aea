import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { parquet } from '../../functions/batch/formats/parquet.ts';
import { JobError } from '../../functions/batch/job/job-error.ts';
import { defaultLimits } from '../../functions/core/limits.ts';
import { type Manifest, parseManifest } from '../../functions/core/model/manifest.ts';
import { collect } from '../helpers/memory-store.ts';
import { cutTable, type Options, readTable, toInput } from '../helpers/parquet-table.ts';

const iris = parseManifest(JSON.parse(readFileSync('models/iris/model.json', 'utf8')));
const churn = parseManifest(JSON.parse(readFileSync('models/churn/model.json', 'utf8')));

/** The error for a table, as `name: message`, or `none`. */
async function refusalOf(bytes: Uint8Array, options: Options): Promise<string> {
  try {
    await cutTable(bytes, options);
  } catch (error) {
    if (error instanceof JobError) return `${error.name}: ${error.message}`;
    throw error;
  }
  return 'none';
}

function readFixture(name: string): Buffer {
  return readFileSync(`test/fixtures/parquet/${name}.parquet`);
}

type Columns = Parameters<typeof parquetWriteBuffer>[0]['columnData'];

/** A table of iris's columns, some of which are replaced or left out. */
function toTable(others: Columns, without: readonly string[] = []): Uint8Array {
  const names = iris.features.map(({ name }) => name).filter((name) => !without.includes(name));
  const columns = names.map((name) => others.find((other) => other.name === name) ?? { name, data: [1.5, 2] });
  const added = others.filter(({ name }) => !names.includes(name));
  return new Uint8Array(parquetWriteBuffer({ columnData: [...columns, ...added] }));
}

describe('refusing Parquet', () => {
  const cases: readonly { what: string; bytes: Uint8Array; options?: Partial<Options>; refusal: string }[] = [
    {
      what: 'a table of CSV',
      bytes: Buffer.from('sepal_length,sepal_width\n1,2\n'),
      refusal: 'InvalidInput: Expected a Parquet file, which begins with PAR1: the input does not',
    },
    {
      what: 'an empty file',
      bytes: new Uint8Array(),
      refusal: 'InvalidInput: Expected a Parquet file, which begins with PAR1: the input does not',
    },
    {
      what: 'an encrypted file',
      bytes: Buffer.from('PARE and more'),
      refusal: 'InvalidInput: The Parquet file is encrypted: write it without encryption',
    },
    {
      what: 'a missing feature, and suggests the most similar name',
      bytes: toTable([{ name: 'SepalLength', data: [1.5, 2] }], ['sepal_length']),
      refusal:
        'InvalidInput: The columns do not fit the model: missing feature "sepal_length"; did you mean "SepalLength"?',
    },
    {
      what: 'features of wrong types, all in one error',
      bytes: toTable([
        { name: 'sepal_length', data: ['secret', 'b'] },
        { name: 'petal_width', data: [true, false] },
        { name: 'petal_length', data: [new Date(0), new Date(1)] },
      ]),
      refusal:
        'InvalidInput: The columns do not fit the model: "sepal_length": expected numbers, got a column of strings; ' +
        '"petal_length": expected numbers, got a column of timestamps; "petal_width": expected numbers, got a column of booleans',
    },
    {
      what: 'a feature that holds lists',
      bytes: readFixture('nested'),
      options: { manifest: withFeature('tags') },
      refusal:
        'InvalidInput: The columns do not fit the model: "tags": expected one value a row, got a column of lists or records',
    },
    {
      what: 'to keep a column of lists',
      bytes: readFixture('nested'),
      options: { manifest: churn, keep: ['id', 'tags'] },
      refusal:
        'InvalidJob: The column "tags" holds lists or records and cannot be kept: leave it out of the columns to keep, or convert it in the input',
    },
    {
      what: 'to keep all columns if one holds timestamps of 96 bits',
      bytes: readFixture('int96'),
      options: { manifest: churn, keep: 'all' },
      refusal:
        'InvalidJob: The column "since" holds timestamps of 96 bits and cannot be kept: leave it out of the columns to keep, or convert it in the input',
    },
    {
      what: 'to keep a column that is missing',
      bytes: readFixture('pandas'),
      options: { manifest: churn, keep: ['Region'] },
      refusal: 'InvalidJob: The input has no column "Region" that could be kept; did you mean "region"?',
    },
  ];
  for (const { what, bytes, options, refusal } of cases) {
    it(`refuses ${what}`, async () => {
      expect(await refusalOf(bytes, { manifest: iris, ...options })).to.equal(refusal);
    });
  }

  /** The manifest of churn, with another name for its first feature. */
  function withFeature(name: string): Manifest {
    const [first, ...others] = churn.features;
    return { ...churn, features: [{ ...first, name }, ...others] } as Manifest;
  }

  it('refuses a file that is cut off at any byte', async () => {
    const bytes = readFixture('kinds');
    for (let length = 4; length < bytes.length; length += 1) {
      const refusal = await refusalOf(bytes.subarray(0, length), { manifest: iris });
      expect(refusal).to.match(/^InvalidInput: The (Parquet file is cut off|footer of the Parquet file is damaged)/);
    }
  });

  it('names a column whose position is outside of the file', async () => {
    const bytes = toTable([]);
    const refusals = new Set<string>();
    // The last column's position takes two bytes. Flipping these bits moves it far beyond the end.
    for (let place = bytes.length >> 1; place < bytes.length; place += 1) {
      const changed = bytes.with(place, (bytes[place] as number) ^ 0x60);
      refusals.add(await refusalOf(changed, { manifest: iris }));
    }
    const outside = 'the position of the column petal_width is not within the file';
    expect(refusals).to.include(`InvalidInput: The footer of the Parquet file is damaged: ${outside}`);
  });

  it('throws only named errors that quote no value if a byte of a file has changed', async () => {
    const bytes = readFixture('pandas-zstd');
    const refusals = new Set<string>();
    for (let place = 0; place < bytes.length; place += 23) {
      const changed = Buffer.from(bytes);
      changed[place] = (bytes[place] as number) ^ (1 << (place % 8));
      try {
        await readTable(changed, { manifest: churn, keep: ['id'] });
      } catch (error) {
        if (!(error instanceof JobError)) throw error;
        expect(error.message).to.not.match(/c-\d|card|invoice/);
        expect(error.name).to.be.oneOf(['InvalidInput', 'InvalidJob']);
        refusals.add(error.name);
      }
    }
    expect([...refusals]).to.include('InvalidInput');
  });

  it('names the column and the rows in which a file is damaged', async () => {
    const bytes = readFixture('pandas-unpacked');
    const cut = await cutTable(bytes, { manifest: churn });
    const second = cut.slices[1]?.start ?? 0;
    bytes.fill(0xff, second, second + 100);
    const damage = await readTable(bytes, { manifest: churn, keep: ['id'] }).catch((error: Error) => error);
    expect(damage).to.be.an.instanceOf(JobError);
    expect(damage).to.include({
      name: 'InvalidInput',
      message: 'The Parquet file is damaged in the column "id" of rows 26 to 50',
    });
  });

  it("passes on the store's error", async () => {
    const input = await toInput(readFixture('pandas'));
    const reading = { manifest: churn, limits: defaultLimits, keep: [] };
    const { slices } = await parquet.cut(input, reading, 1);
    const changed = new JobError('InputChanged', 'It is another one by now');
    input.store.read = () => {
      throw changed;
    };
    const [slice] = slices as [(typeof slices)[0]];
    expect(await collect(parquet.read(input, slice, 0, reading)).catch((error) => error)).to.equal(changed);
  });
});
