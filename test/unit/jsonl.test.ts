import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import type { Input, Run } from '../../functions/batch/formats/format.ts';
import { maxRowBytes, toBatches } from '../../functions/batch/formats/jsonl/lines.ts';
import { jsonl } from '../../functions/batch/formats/jsonl.ts';
import { createFiles } from '../../functions/batch/stores/files.ts';
import { defaultLimits } from '../../functions/core/limits.ts';
import { parseManifest } from '../../functions/core/model/manifest.ts';
import { withFolder } from '../helpers/batch.ts';
import { readManifest } from '../helpers/files.ts';
import { manifestOf } from '../helpers/manifest.ts';

const reading = { manifest: parseManifest(readManifest()), limits: defaultLimits, keep: [] as readonly string[] };

async function withInput<T>(content: string | Uint8Array, use: (input: Input) => Promise<T>): Promise<T> {
  return withFolder(async (folder) => {
    const path = join(folder, 'in');
    writeFileSync(path, content);
    const store = createFiles();
    return use({ store, source: await store.stat(path) });
  });
}

/** Reads all runs of a table that is cut into slices of about `sliceBytes` bytes. */
async function readAll(content: string | Uint8Array, sliceBytes = 1e9, keep: readonly string[] | 'all' = []) {
  return withInput(content, async (input) => {
    const { slices, headerBytes, kept } = await jsonl.cut(input, { ...reading, keep }, sliceBytes);
    const runs: Run[] = [];
    for (const slice of slices) {
      let rows = 0;
      for await (const run of jsonl.read(input, slice, headerBytes, { ...reading, keep: kept })) {
        runs.push(run);
        rows += run.rows;
      }
      expect(rows, 'rows of a slice').to.equal(slice.rows);
    }
    return { slices, runs, kept };
  });
}

const numbersOf = (runs: readonly Run[]) => runs.flatMap(({ feeds }) => Array.from(feeds.X?.data as Float64Array));

describe('JSON Lines', () => {
  it('is read in runs of a few thousand rows, however short its lines are', async () => {
    const { runs } = await readAll('[]\n'.repeat(20_000));
    expect(runs.map(({ rows }) => rows)).to.deep.equal([4096, 4096, 4096, 4096, 3616]);
    expect(runs.every(({ rows, problems }) => problems.size === rows)).to.equal(true);
  });

  it('is read in runs of 1,048,576 values at most, with those that its lines leave out', async () => {
    const names = Array.from({ length: 1000 }, (_, index) => `f${index}`);
    const wide = manifestOf(names.map((name) => ({ name, dtype: 'string' })));
    const lines = '[]\n'.repeat(3000);
    const rows = await withInput(lines, async (input) => {
      const found: number[] = [];
      const slice = { start: 0, end: lines.length } as Parameters<typeof jsonl.read>[1];
      for await (const run of jsonl.read(input, slice, 0, { ...reading, manifest: wide })) found.push(run.rows);
      return found;
    });
    expect(rows).to.deep.equal([1048, 1048, 904]);
  });

  it('gives the same rows wherever the input is cut', async () => {
    const good = fc.array(fc.integer({ min: 0, max: 99 }), { minLength: 4, maxLength: 4 });
    const line = fc.oneof(
      good.map((row) => JSON.stringify(row)),
      good.map(
        ([a, b, c, d]) => `{"petal_width":${d},"é":"\\n","sepal_length":${a},"sepal_width":${b}, "petal_length":${c}}`,
      ),
      fc.constantFrom('', ' \t', '{"x":', '[1,2]', 'null', '"text"', '[1,2,3,"4"]'),
    );
    const table = fc.tuple(
      fc.array(line, { maxLength: 12 }),
      fc.constantFrom('\n', '\r\n'),
      fc.boolean(),
      fc.boolean(),
    );
    await fc.assert(
      fc.asyncProperty(table, fc.integer({ min: 1, max: 200 }), async ([lines, end, isEnded, hasMark], sliceBytes) => {
        const text = `${hasMark ? '\uFEFF' : ''}${lines.join(end)}${isEnded ? end : ''}`;
        const [whole, cut] = [await readAll(text), await readAll(text, sliceBytes)];
        const rows = lines.filter((one) => one.trim() !== '');
        expect(whole.runs.reduce((sum, run) => sum + run.rows, 0)).to.equal(rows.length);
        expect(numbersOf(cut.runs)).to.deep.equal(numbersOf(whole.runs));
        expect(cut.slices.reduce((sum, slice) => sum + slice.rows, 0)).to.equal(rows.length);
        cut.slices.forEach((slice, part) => {
          expect(slice.part).to.equal(part);
          expect(slice.row).to.equal(
            cut.slices[part - 1] ? (cut.slices[part - 1]?.row ?? 0) + (cut.slices[part - 1]?.rows ?? 0) : 0,
          );
        });
      }),
      { numRuns: 100 },
    );
  });

  it('reports the problems of each bad row, and feeds the others to the model', async () => {
    const lines = [
      '[5.1,3.5,1.4,0.2]',
      '{"sepal_length":5.1,"sepal_width":"3.5","petal_length":1.4,"petal_width":0.2,"id":1}',
      '{"sepal_length":5.1,"sepal_length":5.2,"sepal_width":3.5,"petal_length":1.4,"petal_width":0.2}',
      '{"sepal_length":5.1,"petal_length":1.4,"petal_width":0.2}',
      '[1,2,3]',
      '{"sepal',
      '7',
      '[1,2,3,NaN]',
      '{"sepal_length":6,"sepal_width":2,"petal_length":4,"petal_width":1,"x":{"y":[]}}',
    ];
    const { runs } = await readAll(`${lines.join('\n')}\n`);
    const [run] = runs as [Run];
    expect(run.rows).to.equal(9);
    expect(numbersOf(runs)).to.deep.equal([5.1, 3.5, 1.4, 0.2, 6, 2, 4, 1]);
    expect(Object.fromEntries(run.problems)).to.deep.equal({
      1: [{ pointer: '/sepal_width', detail: 'expected a number, got a string' }],
      2: [{ pointer: '/sepal_length', detail: 'the name occurs more than once in its object' }],
      3: [{ pointer: '', detail: 'missing feature "sepal_width"' }],
      4: [
        {
          pointer: '',
          detail: 'expected 4 values (sepal_length, sepal_width, petal_length, petal_width), got 3',
        },
      ],
      5: [{ pointer: '', detail: 'expected JSON, but it is invalid from character 7 on' }],
      6: [{ pointer: '', detail: 'expected an array or an object of 4 values, got a number' }],
      7: [{ pointer: '/3', detail: 'expected a number, got NaN' }],
    });
  });

  it('fails only the rows that are not UTF-8', async () => {
    const good = Buffer.from('[5.1,3.5,1.4,0.2]\n');
    const { runs } = await readAll(Buffer.concat([good, Buffer.from('["\xff"]\n', 'latin1'), Buffer.from('\n'), good]));
    expect(numbersOf(runs)).to.have.lengthOf(8);
    expect([...(runs[0]?.problems ?? [])]).to.deep.equal([
      [1, [{ pointer: '', detail: 'expected UTF-8, but it is invalid' }]],
    ]);
  });

  it('keeps the JSON of values unchanged', async () => {
    const line = '{"id":1.0,"n":12345678901234567890, "t":"a\\u0062","none":null,"o":{ "x":1 },';
    const features = '"sepal_length":5.1,"sepal_width":3.5,"petal_length":1.4,"petal_width":0.2}';
    const { runs, kept } = await readAll(`${line}${features}\n{"id":7}\n{`, 1e9, ['id', 'n', 't', 'none', 'o']);
    expect(kept).to.deep.equal(['id', 'n', 't', 'none', 'o']);
    const columns = runs[0]?.kept ?? [];
    expect(columns.map((column) => column.json?.(0))).to.deep.equal([
      ...['1.0', '12345678901234567890', '"a\\u0062"', 'null', '{ "x":1 }'],
    ]);
    expect(columns.map((column) => column.text(0))).to.deep.equal([
      ...['1.0', '12345678901234567890', 'ab', undefined, '{ "x":1 }'],
    ]);
    expect(columns.map((column) => column.value(0))).to.deep.equal([1, 12345678901234567000, 'ab', null, { x: 1 }]);
    expect(columns.map((column) => column.json?.(1))).to.deep.equal(['7', 'null', 'null', 'null', 'null']);
    expect(columns.map((column) => column.json?.(2))).to.deep.equal(Array(5).fill('null'));
  });

  it('finds all columns in the first line that is an object or an array', async () => {
    const row = '{"b":1,"sepal_length":5.1}';
    expect((await readAll(`oops\n${row}\n{"c":1}`, 1e9, 'all')).kept).to.deep.equal(['b', 'sepal_length']);
    expect((await readAll('[5.1,3.5,1.4,0.2]\n', 1e9, 'all')).kept).to.deep.equal([
      ...['sepal_length', 'sepal_width', 'petal_length', 'petal_width'],
    ]);
    expect((await readAll('', 1e9, 'all')).kept).to.deep.equal([]);
  });

  const refusals: [string, string, readonly string[], RegExp][] = [
    [
      'an array over many lines',
      '[\n[1,2,3,4]\n]\n',
      [],
      /^Expected JSON Lines.*first line is \[; convert an array with jq -c '\.\[\]'/,
    ],
    [
      'an array of all rows in a line',
      '[ {"a":1},{"a":2}]',
      ['a'],
      /first line is an array of rows; convert it with jq -c '\.\[\]'/,
    ],
    ['an object over many lines', '{\r\n"a":1}', [], /first line is {; convert objects with jq -c \./],
    [
      'a column to keep that is missing',
      '{"ident":1}',
      ['idend'],
      /no column "idend" that could be kept; did you mean "ident"/,
    ],
    ['a row without an end', `[1]\n${'x'.repeat(maxRowBytes + 9)}`, [], /^Row 2 is longer than 1048576 bytes/],
  ];
  for (const [what, content, keep, message] of refusals) {
    it(`refuses ${what}`, async () => {
      const error = await readAll(content, 1e9, keep).then(
        () => expect.fail('it was read'),
        (thrown: Error) => thrown,
      );
      expect(error.name).to.match(/^Invalid(Input|Job)$/);
      expect(error.message).to.match(message);
    });
  }
});

describe('toBatches', () => {
  it('ends batches at the same lines, however the bytes are divided', async () => {
    const text = `${Array.from({ length: 50 }, (_, row) => `${'x'.repeat((row * 7) % 23)}\n`).join('')}end`;
    const batchesOf = async (blockBytes: number) => {
      async function* blocks() {
        for (let at = 0; at < text.length; at += blockBytes) yield Buffer.from(text.slice(at, at + blockBytes));
      }
      const batches: string[] = [];
      for await (const batch of toBatches(blocks(), 64)) batches.push(batch.toString());
      return batches;
    };
    const whole = await batchesOf(1e6);
    expect(whole.join('')).to.equal(text);
    expect(whole.length).to.be.above(5);
    for (const blockBytes of [1, 7, 63, 64, 65, 500]) expect(await batchesOf(blockBytes)).to.deep.equal(whole);
  });
});
