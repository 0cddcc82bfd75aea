import { expect } from 'chai';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { parseManifest } from '../../functions/core/model/manifest.ts';
import { type Api, Refusal, type RowsOfFile } from '../../functions/playground/api.ts';
import { parseFields, writeCsv } from '../../functions/playground/file/csv.ts';
import { createCsvFormat } from '../../functions/playground/file/csv-file.ts';
import { createSplitter, readPieces } from '../../functions/playground/file/file-records.ts';
import { type FileResult, predictFile } from '../../functions/playground/file/file-run.ts';
import { createJsonlFormat } from '../../functions/playground/file/jsonl-file.ts';
import type { Prediction } from '../../functions/playground/model.ts';
import { readManifest } from '../helpers/files.ts';

const iris = parseManifest(readManifest());
const header = 'sepal_length,sepal_width,petal_length,petal_width';

describe('records of a file on the page', () => {
  /** The records of a text that is cut at these places. */
  const splitAt = (text: string, cuts: readonly number[], hasQuotes = true) => {
    const split = createSplitter(hasQuotes);
    const places = [...cuts.map((cut) => cut % (text.length + 1)).toSorted((a, b) => a - b), text.length];
    return places.flatMap((to, index) => split(text.slice(places[index - 1] ?? 0, to), index === places.length - 1));
  };

  it('are the same as those of another parser, wherever a piece of the file ends', () => {
    const text = fc.stringMatching(/^[a-c1 \n",]{0,8}$/);
    const file = fc.array(fc.array(text, { minLength: 1, maxLength: 3 }), { maxLength: 4 });
    fc.assert(
      fc.property(file, fc.array(fc.nat(60), { maxLength: 3 }), (records, cuts) => {
        const written = writeCsv(records);
        const expected = parse(written, { relax_column_count: true, skip_empty_lines: true });
        expect(splitAt(written, cuts).map((record) => parseFields(record.text))).to.deep.equal(expected);
      }),
    );
  });

  it('keep their text, and the line on which each starts', () => {
    const text = 'a,b\r\n\r\n1,"x\ny"\n\n2,""\r3';
    const expected = [
      { line: 1, text: 'a,b' },
      { line: 3, text: '1,"x\ny"' },
      { line: 6, text: '2,""' },
      { line: 7, text: '3' },
    ];
    for (let cut = 0; cut <= text.length; cut += 1)
      expect(splitAt(text, [cut]), `cut at ${cut}`).to.deep.equal(expected);
  });

  it('end at every line break if quotes have no meaning', () => {
    expect(splitAt('{"a":"1\n{"b":2}\r\n', [3], false).map(({ text }) => text)).to.deep.equal(['{"a":"1', '{"b":2}']);
  });

  it('are refused if the last one does not end', () => {
    expect(() => splitAt('a\n1,"x\ny', [])).to.throw('The record that begins in line 2 does not end');
  });

  it('are refused if one is too long, without blaming a quote if the format has none', () => {
    const text = `a\n${'x'.repeat(2 ** 20 + 1)}`;
    const problem = 'The record that begins in line 2 is longer than 1048576 characters';
    expect(() => createSplitter(true)(text, false)).to.throw(`${problem}; a quote in it is probably not closed`);
    expect(() => createSplitter(false)(text, false)).to.throw(new RegExp(`${problem}$`));
  });

  it('are read from bytes, even if a piece ends within a character', async () => {
    // A piece ends within the two bytes of ä.
    const file = new Blob([`${'a'.repeat(512 * 1024 - 1)}ä\nlast`]);
    const pieces: { texts: number[]; bytes: number }[] = [];
    for await (const { records, bytes } of readPieces(file, true)) {
      pieces.push({ texts: records.map(({ text }) => text.length), bytes });
    }
    expect(pieces).to.deep.equal([
      { texts: [], bytes: 512 * 1024 },
      { texts: [512 * 1024, 4], bytes: file.size },
    ]);
    const latin = new Blob([new Uint8Array([0x61, 0xe4, 0x0a])]);
    const read = async () => {
      for await (const _ of readPieces(latin, true));
    };
    expect(await read().catch((error: Error) => error.message)).to.equal('The file is not UTF-8 text');
  });
});

describe('a file that is predicted on the page', () => {
  const answer: Prediction = { label: 'setosa', probabilities: { setosa: 1, versicolor: 0, virginica: 0 } };

  /** An API that predicts each line of a body as a row, or refuses the body. */
  const apiOf = (answerTo: (lines: readonly string[]) => Refusal | undefined, limit = Number.POSITIVE_INFINITY) => {
    const asked: RowsOfFile[] = [];
    const toRows = ({ text, type }: RowsOfFile) => {
      if (type === 'application/json') return JSON.parse(text) as string[];
      return text.split('\n').slice(type.endsWith('present') ? 1 : 0);
    };
    const predictFileOf = async (request: RowsOfFile) => {
      asked.push(request);
      const rows = toRows(request);
      if (rows.length > limit) throw new Refusal(413, 'Expected at most fewer rows', []);
      const refusal = answerTo(request.text.split('\n'));
      if (refusal) throw refusal;
      return rows.map(() => answer);
    };
    return { asked, api: { predictFile: predictFileOf } as Partial<Api> as Api };
  };
  const refuseWords = (lines: readonly string[]) => {
    const errors = lines.flatMap((line, index) =>
      line.includes('wide') ? [{ pointer: `/${index}/sepal_width`, detail: 'expected a number' }] : [],
    );
    return errors.length > 0 ? new Refusal(422, 'There are problems', errors.slice(0, 100)) : undefined;
  };
  const run = async (text: string, api: Api, format = createCsvFormat(iris)) => {
    const results: FileResult[] = [];
    const { signal } = new AbortController();
    const problem = await predictFile(new Blob([text]), {
      api,
      format,
      options: { explains: false, signal },
      onProgress: (_, result) => results.push(result),
    }).then(
      () => undefined,
      (error: Error) => error.message,
    );
    const result = results.at(-1);
    return { problem, result, written: await new Blob([...(result?.parts ?? [])]).text() };
  };
  const rowsOf = (count: number, row = '5.1,3.5,1.4,0.2') => new Array<string>(count).fill(row).join('\n');

  it('is sent in pieces, each with the header, and its answers are joined', async () => {
    const { api, asked } = apiOf(() => undefined);
    const { result, written } = await run(`${header}\n${rowsOf(80_000)}\n`, api);
    expect(asked.map(({ type }) => type)).to.deep.equal(new Array(3).fill('text/csv; header=present'));
    for (const { text } of asked) {
      expect(text.length).to.be.below(530_000);
      expect(text.startsWith(`${header}\n5.1,`)).to.equal(true);
    }
    expect(result?.rows).to.equal(80_000);
    expect(result?.shown).to.have.length(100);
    const lines = written.split('\r\n');
    expect(lines).to.have.length(80_002);
    expect(lines[0]).to.equal(`${header},label,setosa,versicolor,virginica`);
    expect(lines[80_000]).to.equal('5.1,3.5,1.4,0.2,setosa,1,0,0');
  });

  it('lets the API decide if the first record is a header, and marks later records as rows', async () => {
    const { api, asked } = apiOf(() => undefined);
    const { written } = await run(rowsOf(50_000), api);
    expect(asked.map(({ type }) => type)).to.deep.equal(['text/csv', 'text/csv; header=absent']);
    expect(written.split('\r\n')[0]).to.equal(`${header},label,setosa,versicolor,virginica`);
  });

  it('is sent with fewer rows in a request if the API refuses more', async () => {
    const { api, asked } = apiOf(() => undefined, 300);
    const { result, problem } = await run(`${header}\n${rowsOf(1000)}`, api);
    expect([problem, result?.rows]).to.deep.equal([undefined, 1000]);
    expect(asked.map(({ text }) => text.split('\n').length - 1)).to.deep.equal([1000, 500, 250, 250, 250, 250]);
  });

  it('is predicted without the rows that have problems, which are listed', async () => {
    const { api } = apiOf(refuseWords);
    const rows = ['5.1,wide,1.4,0.2', '5.2,3.5,1.4,0.2', '', '"wide', '",1,2,3', '5.3,3.5,1.4,0.2'];
    const { result, written, problem } = await run([header, ...rows].join('\n'), api);
    expect(problem).to.equal(undefined);
    expect(result?.problems.map(({ record: { line }, column, detail }) => [line, column, detail])).to.deep.equal([
      [2, 'sepal_width', 'expected a number'],
      [5, 'sepal_width', 'expected a number'],
    ]);
    expect(written.split('\r\n').map((line) => line.slice(0, 3))).to.deep.equal(['sep', '5.2', '5.3', '']);
  });

  it('is given up if there are more than a thousand problems', async () => {
    const { api, asked } = apiOf(refuseWords);
    const { problem } = await run(`${header}\n${rowsOf(90_000, '5.1,wide,1.4,0.2')}`, api);
    expect(problem).to.equal('There are more than 1000 problems, so the rest was not sent');
    expect(asked).to.have.length(11);
  });

  it('is given up if the API refuses the file and not its rows', async () => {
    const ofHeader = new Refusal(422, 'A column is missing', [{ pointer: '/0', detail: 'expected sepal_length' }]);
    for (const refusal of [ofHeader, new Refusal(400, 'Not CSV', []), new Refusal(500, 'Failed', [])]) {
      const { api, asked } = apiOf(() => refusal);
      expect((await run(`sepal_width,x\n1,2\n`, api)).problem).to.equal(refusal.message);
      expect((await run(`1,2\n1,2\n`, api)).problem).to.equal(refusal.message);
      expect(asked).to.have.length(2);
    }
    expect((await run('', apiOf(() => undefined).api)).problem).to.equal('There are no rows');
  });

  it('may have unknown columns if it has all features', async () => {
    const { api, asked } = apiOf(() => undefined);
    const { result, written } = await run(`id,${header}\n7,5.1,3.5,1.4,0.2`, api);
    expect(asked[0]?.ignored).to.deep.equal(['id']);
    expect(result?.ignored).to.deep.equal(['id']);
    expect(written).to.match(/\r\n7,5\.1,3\.5,1\.4,0\.2,setosa,1,0,0\r\n$/);
    await run(`id,${header.replace('petal_width', 'Petal width')}\n7,5.1,3.5,1.4,0.2`, api);
    expect(asked[1]?.ignored).to.deep.equal([]);
  });

  it('may be JSON Lines, and its numbers keep their digits', async () => {
    const { api, asked } = apiOf(() => undefined);
    const rows = ['{"sepal_length": 5.10, "id": 12345678901234567890}', '[1,2,3,"4"]', 'no JSON', '7'];
    const { result, written } = await run(rows.join('\r\n'), api, createJsonlFormat(iris));
    expect(asked.map(({ text, type }) => [text, type])).to.deep.equal([
      [`[${rows[0]},${rows[1]}]`, 'application/json'],
    ]);
    expect(result?.problems.map(({ record }) => record.line)).to.deep.equal([3, 4]);
    expect(written.split('\n')[0]).to.equal(
      '{"sepal_length": 5.10, "id": 12345678901234567890,"label":"setosa","probabilities":{"setosa":1,"versicolor":0,"virginica":0}}',
    );
    expect(JSON.parse(written.split('\n')[1] ?? '')).to.deep.equal({ row: [1, 2, 3, '4'], ...answer });
  });
});
