import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { checkFailedRows, finishJob } from '../../functions/batch/finish.ts';
import type { JobRequest } from '../../functions/batch/job/job.ts';
import { planJob } from '../../functions/batch/plan.ts';
import { scoreSlice } from '../../functions/batch/score.ts';
import type { ScoringWorld } from '../../functions/batch/world.ts';
import { loadModel } from '../../functions/core/model/load.ts';
import { toShown } from '../../functions/core/model/outputs.ts';
import { toPredictions } from '../../functions/core/model/prediction.ts';
import { toRecords } from '../../functions/core/model/records.ts';
import { irisLines, score, toWorld, withFolder, writeInput } from '../helpers/batch.ts';
import { readGolden } from '../helpers/files.ts';

const gzip = { kind: 'jsonl', gzip: true } as const;

async function failureOf(run: Promise<unknown>): Promise<Error> {
  const error = await run.then(
    () => undefined,
    (thrown: Error) => thrown,
  );
  return error ?? expect.fail('it did not fail');
}

const contentsOf = (folder: string) =>
  readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]);

describe('the steps of a job', () => {
  let world: ScoringWorld;
  before(async () => {
    world = toWorld(await loadModel('models', 'iris'));
  });

  /** Runs all steps of a job, with the working files in the subfolder `work` of `folder`. */
  async function run(request: JobRequest, folder: string, sliceBytes?: number) {
    const work = join(folder, 'work');
    rmSync(work, { recursive: true, force: true });
    mkdirSync(work, { recursive: true });
    const { job, slices, reports } = await score(request, work, world, sliceBytes);
    const summary = await finishJob(job, slices.length, world);
    return { job, slices, reports, summary, work, output: readFileSync(request.output) };
  }

  const documentsOf = (output: Uint8Array) =>
    Buffer.from(output)
      .toString()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));

  it('answer the rows of the golden file, in their order, as the model does', async () => {
    await withFolder(async (folder) => {
      const { instances } = readGolden();
      const request = writeInput(folder, instances.map((row) => `${JSON.stringify(row)}\n`).join(''));
      const { output, slices } = await run(request, folder, 1000);
      expect(slices.length).to.be.above(3);
      const data = Float64Array.from(instances.flat());
      const { X } = { X: { dtype: 'float64', dims: [instances.length, 4], data } } as const;
      const fetches = await world.run({ X });
      const expected = toRecords(toPredictions(fetches, toShown(world.manifest, false), { pointerOf: () => '' }));
      expect(documentsOf(output)).to.deep.equal(expected);
    });
  });

  it('write a line for each row, and the reasons of the failed ones', async () => {
    await withFolder(async (folder) => {
      const request = writeInput(folder, irisLines(1000, { badEach: 100 }), { keep: ['id'] });
      const { output, summary } = await run(request, folder, 5000);
      const documents = documentsOf(output);
      expect(documents.map(({ id }) => id)).to.deep.equal(Array.from({ length: 1000 }, (_, row) => `c${row}`));
      expect(documents[99]).to.deep.equal({ id: 'c99', error: 'sepal_width: expected a number, got a string' });
      expect(Object.keys(documents[100])).to.deep.equal(['id', 'label', 'probabilities']);
      const errors = documentsOf(readFileSync(`${request.output}.errors.jsonl`));
      expect(errors).to.deep.equal(
        Array.from({ length: 10 }, (_, index) => ({
          row: 100 * (index + 1),
          errors: [{ pointer: '/sepal_width', detail: 'expected a number, got a string' }],
        })),
      );
      expect(summary).to.deep.include({ rows: 1000, failed: 10, errors: `${request.output}.errors.jsonl` });
      expect(summary.firstFailed).to.deep.equal([100, 200, 300, 400, 500, 600, 700, 800, 900, 1000]);
      const labels: Record<string, number> = {};
      for (const { label } of documents) if (label) labels[label] = (labels[label] ?? 0) + 1;
      expect(summary.labels).to.deep.equal(labels);
    });
  });

  for (const sliceBytes of [500, 7777]) {
    it(`write the same bytes with slices of ${sliceBytes} bytes as with one slice, and when a slice is scored twice`, async () => {
      await withFolder(async (folder) => {
        const content = irisLines(700, { badEach: 70 });
        const whole = await run(writeInput(folder, content, { keep: 'all' }), join(folder, 'whole'));
        expect(whole.slices).to.have.lengthOf(1);
        const { job, slices, output, work } = await run(
          writeInput(folder, content, { keep: 'all' }),
          folder,
          sliceBytes,
        );
        expect(slices.length).to.be.above(5);
        expect(output.equals(whole.output)).to.equal(true);
        const before = contentsOf(work);
        for (const slice of slices) await scoreSlice(job, slice, world);
        expect(contentsOf(work)).to.deep.equal(before);
      });
    });
  }

  it('fail a row without a finite answer, but not the good rows beside it', async () => {
    await withFolder(async (folder) => {
      const request = writeInput(folder, '[5.1,3.5,1.4,0.2]\n[1e308,-1e308,1e308,1e308]\n["x",1,1,1]\n[6,2,4,1]\n');
      for (const probabilities of [true, false]) {
        const { output, summary } = await run({ ...request, probabilities }, folder);
        const documents = documentsOf(output);
        expect(documents.map(({ label }) => label)).to.deep.equal(['setosa', undefined, undefined, 'versicolor']);
        expect(documents[1].error).to.match(/^the model has no finite answer for these values/);
        expect('probabilities' in documents[0]).to.equal(probabilities);
        expect(summary).to.deep.include({ failed: 2, firstFailed: [2, 3] });
      }
    });
  });

  it('read and write gzip', async () => {
    await withFolder(async (folder) => {
      const content = irisLines(20_000, { badEach: 1000 });
      const plain = await run(writeInput(folder, content), folder);
      const fromPacked = await run(writeInput(folder, gzipSync(content), { inputFormat: gzip }), folder, 1000);
      expect(fromPacked.slices).to.have.lengthOf(1);
      expect(fromPacked.output.equals(plain.output)).to.equal(true);
      const toPacked = await run(writeInput(folder, content, { outputFormat: gzip }), folder, 100_000);
      expect(toPacked.slices.length).to.be.above(10);
      expect(gunzipSync(toPacked.output).equals(plain.output)).to.equal(true);
      expect(toPacked.output.length).to.be.below(plain.output.length / 2);
      const csv = await run(writeInput(folder, content, { outputFormat: { kind: 'csv', gzip: false } }), folder);
      const packed = await run(writeInput(folder, content, { outputFormat: { kind: 'csv', gzip: true } }), folder, 1e5);
      expect(gunzipSync(packed.output).equals(csv.output)).to.equal(true);
    });
  });

  const damages: [string, (packed: Buffer) => Buffer, RegExp][] = [
    ['cut off', (packed) => packed.subarray(0, packed.length / 2), /its end is missing/],
    ['damaged', (packed) => packed.fill(7, packed.length / 2, packed.length / 2 + 9), /it is damaged/],
    ['followed by other bytes', (packed) => Buffer.concat([packed, Buffer.from('else')]), /it is damaged/],
  ];
  for (const [what, damage, message] of damages) {
    it(`refuse, when planning, a gzip input that is ${what}`, async () => {
      await withFolder(async (folder) => {
        const packed = damage(gzipSync(irisLines(5000)));
        const request = writeInput(folder, packed, { inputFormat: gzip });
        const error = await failureOf(planJob(request, world, { work: folder }));
        expect(error).to.include({ name: 'InvalidInput' });
        expect(error.message).to.match(message);
      });
    });
  }

  // Some versions of Node.js skip zeros after the end, as gzip does. With others the job fails, because the stream ends
  // before all bytes were read.
  it('read all of a gzip input that is followed by zeros, or refuse it', async () => {
    await withFolder(async (folder) => {
      const request = writeInput(folder, Buffer.concat([gzipSync(irisLines(5000)), Buffer.alloc(512)]), {
        inputFormat: gzip,
      });
      const plan = await planJob(request, world, { work: folder }).catch((error: Error) => error);
      if (plan instanceof Error) expect(plan.message).to.match(/zeros follow its end/);
      else expect(plan.slices.map(({ rows }) => rows)).to.deep.equal([5000]);
    });
  });

  it('refuse a gzip input that is larger than `gzipBytes`', async () => {
    await withFolder(async (folder) => {
      const packed = gzipSync(irisLines(10));
      const request = writeInput(folder, packed, { inputFormat: gzip });
      const error = await failureOf(planJob(request, world, { work: folder, gzipBytes: packed.length - 1 }));
      expect(error).to.include({ name: 'InputTooLarge' });
      expect(error.message).to.match(
        /cannot be divided into slices; .*: decompress it, or split it into several files$/,
      );
      await planJob(request, world, { work: folder, gzipBytes: packed.length });
    });
  });

  it('refuse a job that would overwrite its input', async () => {
    await withFolder(async (folder) => {
      const request = writeInput(folder, irisLines(1));
      const named = { ...request, input: `${request.output}.errors.jsonl` };
      for (const [asked, message] of [
        [{ ...request, output: request.input }, /^The output is the same as the input/],
        [named, /^The input has the name of the output's error file/],
      ] as const) {
        const error = await failureOf(planJob(asked, world, { work: folder }));
        expect(error).to.include({ name: 'InvalidJob' });
        expect(error.message).to.match(message);
      }
    });
  });

  const beginnings: [string, Uint8Array, JobRequest['inputFormat'], RegExp][] = [
    ['gzip', gzipSync('[1,2,3,4]'), { kind: 'csv', gzip: false }, /compressed with gzip; add \.gz/],
    ['not gzip', Buffer.from('[1,2,3,4]'), gzip, /it is not a gzip file/],
    ['Parquet', Buffer.from('PAR1....PAR1'), { kind: 'csv', gzip: false }, /it is Parquet; end its name in \.parquet/],
    ['UTF-16', Buffer.from('\uFEFFa,b', 'utf16le'), { kind: 'csv', gzip: false }, /it is UTF-16; save it as UTF-8/],
    [
      'a workbook',
      Buffer.from('PK\u0003\u0004'),
      { kind: 'csv', gzip: false },
      /a zip file, like an Excel workbook; save it as CSV/,
    ],
  ];
  for (const [what, content, inputFormat, message] of beginnings) {
    it(`recognise an input whose format is not the stated one: ${what}`, async () => {
      await withFolder(async (folder) => {
        const request = writeInput(folder, content, { inputFormat });
        const error = await failureOf(planJob(request, world, { work: folder }));
        expect(error).to.include({ name: 'InvalidInput' });
        expect(error.message).to.match(message);
      });
    });
  }

  it('refuse to score or finish with a model other than that of the plan', async () => {
    await withFolder(async (folder) => {
      const { job, slices } = await planJob(writeInput(folder, irisLines(3)), world, { work: folder });
      const [slice] = slices as [(typeof slices)[number]];
      const renamed = { ...world.manifest, classes: ['a', 'b', 'c'] } as typeof world.manifest;
      const others = [
        { manifest: renamed, message: 'another model now has this name and version' },
        {
          manifest: { ...world.manifest, version: '2.0.0' },
          message: 'planned with iris 1.0.0, but the model is now iris 2.0.0',
        },
      ];
      for (const { manifest, message } of others) {
        for (const step of [
          scoreSlice(job, slice, { ...world, manifest }),
          finishJob(job, 1, { ...world, manifest }),
        ]) {
          const error = await failureOf(step);
          expect(error).to.include({ name: 'ModelChanged' });
          expect(error.message).to.include(message);
        }
      }
      expect(readdirSync(folder).sort()).to.deep.equal(['in', 'job.json', 'slices.json']);
    });
  });

  it('leave neither part nor report if the input changes while it is read', async () => {
    await withFolder(async (folder) => {
      const request = writeInput(folder, irisLines(30_000));
      const { job, slices } = await planJob(request, world, { work: folder });
      const changing = { ...world, progress: () => writeFileSync(request.input, irisLines(30_000, { first: 7 })) };
      const [slice] = slices as [(typeof slices)[number]];
      expect(await failureOf(scoreSlice(job, slice, changing))).to.include({ name: 'InputChanged' });
      expect(readdirSync(folder).filter((name) => /part|report|tmp/.test(name))).to.deep.equal([]);
    });
  });

  it('pass on an error of the model unchanged', async () => {
    await withFolder(async (folder) => {
      const { job, slices } = await planJob(writeInput(folder, irisLines(3)), world, { work: folder });
      const broken = { ...world, run: () => Promise.reject(new Error('out of memory')) };
      const [slice] = slices as [(typeof slices)[number]];
      expect(await failureOf(scoreSlice(job, slice, broken))).to.include({ name: 'Error', message: 'out of memory' });
    });
  });

  it('write no report if a slice has more or fewer rows than planned', async () => {
    await withFolder(async (folder) => {
      const { job, slices } = await planJob(writeInput(folder, irisLines(3)), world, { work: folder });
      const [slice] = slices as [(typeof slices)[number]];
      for (const rows of [2, 4]) {
        const error = await failureOf(scoreSlice(job, { ...slice, rows }, world));
        expect(error).to.include({ name: 'Error', message: `part 0 has 3 rows, but its slice was cut with ${rows}` });
        expect(readdirSync(folder)).not.to.include('report-00000.json');
      }
    });
  });

  const damagesOfWork: [string, (work: string) => void, RegExp][] = [
    ['a part is missing', (work) => rmSync(join(work, 'part-00001')), /part 2 of \d+ is missing/],
    ['a report is missing', (work) => rmSync(join(work, 'report-00000.json')), /part 1 of \d+ is missing/],
    [
      'a part is incomplete',
      (work) => writeFileSync(join(work, 'part-00000'), 'x'),
      /part 1 of \d+ is missing or incomplete/,
    ],
    ['an error file is missing', (work) => rmSync(join(work, 'errors-00000.jsonl')), /part 1 of \d+/],
    [
      'there is one part too many',
      (work) => writeFileSync(join(work, 'part-00004'), ''),
      /there are more than 4 parts/,
    ],
  ];
  for (const [what, damage, message] of damagesOfWork) {
    it(`join nothing if ${what}`, async () => {
      await withFolder(async (folder) => {
        const request = writeInput(folder, irisLines(100, { badEach: 10 }));
        const { job, slices } = await score(request, folder, world, 2500);
        expect(slices).to.have.lengthOf(4);
        damage(folder);
        expect((await failureOf(finishJob(job, 4, world))).message).to.match(message);
        expect(readdirSync(folder)).not.to.include('out');
      });
    });
  }

  it('remove the error file of an earlier job if no row failed', async () => {
    await withFolder(async (folder) => {
      const request = writeInput(folder, irisLines(3));
      writeFileSync(`${request.output}.errors.jsonl`, 'of an earlier job\n');
      const { summary } = await run(request, folder);
      expect(summary.errors).to.equal(null);
      expect(readdirSync(folder)).not.to.include('out.errors.jsonl');
    });
  });

  it('write an empty table for an empty input', async () => {
    await withFolder(async (folder) => {
      const { output, summary } = await run(writeInput(folder, '\n \n'), folder);
      expect(output).to.have.lengthOf(0);
      expect(summary).to.deep.include({ rows: 0, failed: 0, parts: 0, labels: {} });
      checkFailedRows(summary);
    });
  });

  const thresholds: [JobRequest['maxFailed'], number, RegExp | undefined][] = [
    [undefined, 9, undefined],
    [undefined, 1, /^All 100 rows failed: /],
    [{ rows: 10 }, 10, undefined],
    [{ rows: 9 }, 10, /^10 of 100 rows failed, and at most 9 may: .*errors\.jsonl has the reasons$/],
    [{ percent: 10 }, 10, undefined],
    [{ percent: 9.9 }, 10, /^10 of 100 rows failed, and at most 9\.9 % may/],
    [{ percent: 100 }, 1, /^All 100 rows failed/],
  ];
  for (const [maxFailed, badEach, message] of thresholds) {
    it(`with maxFailed ${JSON.stringify(maxFailed)}, ${message ? 'refuse' : 'accept'} 100 rows of which one in ${badEach} failed`, async () => {
      await withFolder(async (folder) => {
        const input = irisLines(100, { badEach });
        const { summary, output } = await run(writeInput(folder, input, maxFailed ? { maxFailed } : {}), folder);
        expect(documentsOf(output)).to.have.lengthOf(100);
        if (!message) return checkFailedRows(summary);
        expect(() => checkFailedRows(summary))
          .to.throw(message)
          .with.property('name', 'TooManyFailedRows');
      });
    });
  }
});
