import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { expect } from 'chai';
import { irisLines, runBatch, withFolder } from '../helpers/batch.ts';
import { changeManifest, withPackage } from '../helpers/package.ts';
import { ended, killInTime, startCommand, startNode } from '../helpers/process.ts';

const header = 'id,sepal_length,sepal_width,petal_length,petal_width\n';
const good = 'a,5.1,3.5,1.4,0.2\n';
const bad = 'b,5.1,wide,1.4,0.2\n';

describe('npm run batch', () => {
  it('scores a table, and prints a summary', async () => {
    await withFolder(async (folder) => {
      const [input, output] = [join(folder, 'in.csv'), join(folder, 'out.csv')];
      writeFileSync(input, header + good + bad + good);
      const { code, stdout, stderr } = await runBatch(['--keep', 'id', input, output]);
      expect(code).to.equal(0);
      expect(stdout).to.equal('');
      expect(stderr).to.match(/^iris 1\.0\.0 scored 3 rows in [\d.]+ s \([\d,]+ rows a second\): .*out\.csv\n/);
      expect(stderr).to.match(/^ {2}setosa {2}2 {3}66\.7 %$/m);
      expect(stderr).to.include(`1 row failed (row 2): the reasons are in ${output}.errors.jsonl\n`);
      const lines = readFileSync(output, 'utf8').split('\n');
      expect(lines[0]).to.equal('id,label,setosa,versicolor,virginica,error');
      expect(lines[1]).to.match(/^a,setosa,0\.\d+,0\.\d+,[\d.e-]+,$/);
      expect(lines[2]).to.match(/^b,,,,,"?sepal_width: expected a number, got a string"?$/);
      expect(readdirSync(folder).sort()).to.deep.equal(['in.csv', 'out.csv', 'out.csv.errors.jsonl']);
    });
  });

  it('scores with several processes, in the order of the rows', async () => {
    await withFolder(async (folder) => {
      const [input, one, many] = ['in.jsonl', 'one.jsonl', 'many.jsonl.gz'].map((name) => join(folder, name)) as [
        ...[string, string, string],
      ];
      writeFileSync(input, irisLines(3000, { badEach: 500 }));
      expect((await runBatch(['--keep', 'id', '--jobs', '1', input, one])).code).to.equal(0);
      const values = ['--keep', 'id', '--jobs', '3', '--slice-bytes', '20000', input, many];
      expect((await runBatch(values)).code).to.equal(0);
      expect(gunzipSync(readFileSync(many)).equals(readFileSync(one))).to.equal(true);
    });
  });

  it('reads standard input and writes standard output, with nothing else in it', async () => {
    const child = startNode(['local/batch.ts', '--format', 'csv', '-', '-']);
    killInTime(child);
    child.stdin?.end(header + good + bad);
    const { code, stdout, stderr } = await ended(child);
    expect(code).to.equal(0);
    expect(stdout.split('\n')[0]).to.equal('label,setosa,versicolor,virginica,error');
    expect(stdout.split('\n')).to.have.lengthOf(4);
    expect(stderr).to.include('1 row failed (row 2): the column error has the reason of each');
  });

  it('takes a model by its path, and files relative to the directory in which the command was typed', async () => {
    await withFolder(async (folder) => {
      mkdirSync(join(folder, 'sub'));
      writeFileSync(join(folder, 'in.jsonl'), '[0.03,0,0.06,0.02,-0.04,-0.03,-0.04,0,0.02,-0.02]\n');
      const environment = { INIT_CWD: join(folder, 'sub') };
      const model = join(process.cwd(), 'test/fixtures/diabetes');
      const { code, stderr } = await runBatch(['--model', model, '../in.jsonl', 'out.csv'], environment);
      expect([code, stderr]).to.satisfy(() => code === 0, stderr);
      expect(readFileSync(join(folder, 'sub', 'out.csv'), 'utf8')).to.match(/^value,error\n-?\d+\.\d+,\n$/);
    });
  });

  it('prints its usage', async () => {
    const { code, stdout } = await runBatch(['--help']);
    expect(code).to.equal(0);
    expect(stdout).to.match(/^Usage: npm run batch -- /);
  });

  type Failure = readonly [what: string, values: readonly string[], content: string, status: number, message: RegExp];
  const failures: Failure[] = [
    ['an unknown option', ['--fast'], good, 2, /^InvalidJob: Unknown option '--fast'/],
    [
      'an unknown model',
      ['--model', 'rose'],
      header,
      2,
      /^ModelPackageError: models\/rose.*model packages in models: churn, iris/,
    ],
    [
      'a text that is not a name',
      ['--model', 'a b'],
      header,
      2,
      /^InvalidJob: --model must be the name of a model, or a path/,
    ],
    [
      'a missing column to keep',
      ['--keep', 'petal_lenght'],
      header + good,
      2,
      /^InvalidJob: .*"petal_lenght".*did you mean "petal_length"/,
    ],
    [
      'a column to keep that has the name of a column of the output',
      ['--keep', 'all'],
      `error,${header}x,${good}`,
      2,
      /^InvalidJob: .*already has a column "error"/,
    ],
    ['an empty input', [], '', 2, /^InvalidInput: /],
    [
      'a header that lacks a feature',
      [],
      header.replace('petal_width', 'petal_wdth') + good,
      2,
      /^InvalidInput: .*"petal_width".*"petal_wdth"/,
    ],
    ['a quote that is never closed', [], `${header}"${good}`, 2, /^InvalidInput: .*[Rr]ow 1/],
    [
      'too many failed rows',
      ['--max-failed', '1'],
      header + good + bad + bad,
      3,
      /^TooManyFailedRows: 2 of 3 rows failed, and at most 1 may/m,
    ],
    [
      'too large a share of failed rows',
      ['--max-failed', '50%'],
      header + good + bad + bad,
      3,
      /^TooManyFailedRows: 2 of 3 rows failed, and at most 50 % may/m,
    ],
    ['a table without a valid row', [], header + bad, 3, /^TooManyFailedRows: The only row failed/m],
  ];
  for (const [what, values, content, status, message] of failures) {
    it(`exits with ${status} for ${what}, and prints a message without a stack trace`, async () => {
      await withFolder(async (folder) => {
        const [input, output] = [join(folder, 'in.csv'), join(folder, 'out.csv')];
        writeFileSync(input, content);
        const { code, stdout, stderr } = await runBatch([...values, input, output]);
        expect(stderr).to.match(message);
        expect(stderr).not.to.match(/^\s+at /m);
        expect(code).to.equal(status);
        expect(stdout).to.equal('');
        // A job that fails because of its rows (status 3) has written its output.
        expect(existsSync(output)).to.equal(status === 3);
        expect(existsSync(`${output}.partial`)).to.equal(false);
      });
    });
  }

  const places: [string, (folder: string) => readonly [string, string], RegExp][] = [
    [
      'a missing input',
      (folder) => ['missing.csv', join(folder, 'out.csv')],
      /^InputNotFound: missing\.csv cannot be read: there is no such file/,
    ],
    ['a folder as input', (folder) => [folder, join(folder, 'out.csv')], /^InputNotFound: .* it is a folder/],
    [
      'a missing folder for the output',
      (folder) => [join(folder, 'in.csv'), join(folder, 'no', 'out.csv')],
      /^InvalidJob: .* there is no such folder/,
    ],
    [
      'a folder as output',
      (folder) => [join(folder, 'in.csv'), folder],
      /^InvalidJob: .* cannot be written: it is a folder/,
    ],
    [
      'a device as output',
      (folder) => [join(folder, 'in.csv'), '/dev/null'],
      /^InvalidJob: \/dev\/null cannot be written: .*; to write to standard output, give - as the output/,
    ],
    [
      'an output with too long a name',
      (folder) => [join(folder, 'in.csv'), join(folder, 'n'.repeat(300))],
      /^InvalidJob: .* cannot be written: the name is too long/,
    ],
    ['a link as output', (folder) => [join(folder, 'in.csv'), join(folder, 'link')], /^InvalidJob: .*a symbolic link/],
    [
      'the input as output',
      (folder) => [join(folder, 'in.csv'), join(folder, 'in.csv')],
      /^InvalidJob: The output is the input/,
    ],
  ];
  for (const [what, toPlaces, message] of places) {
    it(`exits with 2 for ${what}`, async () => {
      await withFolder(async (folder) => {
        writeFileSync(join(folder, 'in.csv'), header + good);
        symlinkSync(join(folder, 'in.csv'), join(folder, 'link'));
        const { code, stderr } = await runBatch(['--format', 'csv', ...toPlaces(folder)]);
        expect(stderr).to.match(message);
        expect(code).to.equal(2);
        expect(readdirSync(folder).sort()).to.deep.equal(['in.csv', 'link']);
        expect(readFileSync(join(folder, 'in.csv'), 'utf8')).to.equal(header + good);
      });
    });
  }

  it('never overwrites its input, by whatever name or link', async () => {
    await withFolder(async (folder) => {
      const errors = join(folder, 'out.csv.errors.jsonl');
      writeFileSync(errors, irisLines(3));
      symlinkSync(folder, join(folder, 'here'));
      symlinkSync(errors, join(folder, 'in.jsonl'));
      for (const [input, output, what] of [
        [errors, 'out.csv', "The file for the output's failed rows"],
        [join(folder, 'in.jsonl'), 'out.csv', "The file for the output's failed rows"],
        [errors, 'here/out.csv', "The file for the output's failed rows"],
        [errors, 'here/out.csv.errors.jsonl', 'The output'],
      ] as const) {
        const { code, stderr } = await runBatch([input, join(folder, output)]);
        expect(stderr).to.match(new RegExp(`^InvalidJob: ${what} is the input: .* would be overwritten`));
        expect(code).to.equal(2);
      }
      expect(readFileSync(errors, 'utf8')).to.equal(irisLines(3));
      expect(readdirSync(folder).sort()).to.deep.equal(['here', 'in.jsonl', 'out.csv.errors.jsonl']);
    });
  });

  it('refuses to start if a file or folder is in the way of a file that it writes', async () => {
    await withFolder(async (folder) => {
      writeFileSync(join(folder, 'in.csv'), header + good);
      mkdirSync(join(folder, 'a.csv.errors.jsonl'));
      const inWay = await runBatch([join(folder, 'in.csv'), join(folder, 'a.csv')]);
      expect(inWay.stderr).to.match(/^InvalidJob: .*a\.csv\.errors\.jsonl cannot be written: it is a folder/);
      writeFileSync(join(folder, 'b.csv.partial'), '');
      const file = await runBatch([join(folder, 'in.csv'), join(folder, 'b.csv')]);
      expect(file.stderr).to.match(
        /^InvalidJob: .*b\.csv\.partial must be a folder for the job.s parts, but is not a folder: move it/,
      );
      expect([inWay.code, file.code]).to.deep.equal([2, 2]);
      expect(readdirSync(folder).sort()).to.deep.equal(['a.csv.errors.jsonl', 'b.csv.partial', 'in.csv']);
    });
  });

  it('never touches a folder that contains a file that no run has written', async () => {
    await withFolder(async (folder) => {
      const output = join(folder, 'out.csv');
      writeFileSync(join(folder, 'in.csv'), header + good);
      mkdirSync(`${output}.partial`);
      writeFileSync(join(`${output}.partial`, 'thesis.txt'), 'mine');
      const { code, stderr } = await runBatch([join(folder, 'in.csv'), output]);
      expect(stderr).to.match(
        /^InvalidJob: .*out\.csv\.partial .* holds "thesis\.txt", which is not a file of a run: move it/,
      );
      expect(code).to.equal(2);
      expect(readdirSync(`${output}.partial`)).to.deep.equal(['thesis.txt']);
    });
  });

  it('refuses a model that does not give the answers of its examples', async () => {
    await withPackage(async (directory) => {
      const { examples } = JSON.parse(readFileSync(join(directory, 'iris', 'model.json'), 'utf8'));
      const [example] = examples;
      example.predictions[0].label = 'virginica';
      changeManifest(directory, { examples });
      writeFileSync(join(directory, 'in.csv'), header + good);
      const environment = { MODELS_DIRECTORY: directory };
      const { code, stderr } = await runBatch([join(directory, 'in.csv'), join(directory, 'out.csv')], environment);
      expect(stderr).to.match(/^ModelPackageError: .*model\.json: examples\.0: the model answers/);
      expect(code).to.equal(2);
    });
  });

  it('writes the values of rows into the table only', async () => {
    await withFolder(async (folder) => {
      const mark = 'SECRET';
      const lines = [
        irisLines(1).trim(),
        `{"id":"${mark}"`,
        `{"sepal_length":"${mark}"}`,
        `["${mark}",1,2,3]`,
        `"${mark}"`,
      ];
      writeFileSync(join(folder, 'in.jsonl'), `${lines.join('\n')}\n`);
      const output = join(folder, 'out.jsonl');
      const { code, stderr } = await runBatch(['--keep', 'id', join(folder, 'in.jsonl'), output]);
      expect(code).to.equal(0);
      expect(stderr).to.include('4 rows failed').and.not.to.include(mark);
      expect(readFileSync(`${output}.errors.jsonl`, 'utf8')).not.to.include(mark);
      const csv = `${header}${mark},${mark},1,1,1\n"${mark}"x,1,1,1,1\n"${mark},1,1,1,1\n`;
      writeFileSync(join(folder, 'in.csv'), csv);
      const broken = await runBatch([join(folder, 'in.csv'), join(folder, 'out.csv')]);
      expect(broken.code).to.equal(2);
      expect(broken.stderr).not.to.include(mark);
    });
  });

  it('explains that the disk of its standard output is full', async function () {
    if (!existsSync('/dev/full')) this.skip();
    await withFolder(async (folder) => {
      writeFileSync(join(folder, 'in.csv'), header + good);
      const node = `"${process.execPath}" --env-file=local/lambda.env --import tsx`;
      const child = startCommand(`${node} local/batch.ts "${join(folder, 'in.csv')}" - --format csv >/dev/full`);
      killInTime(child);
      const { code, stderr } = await ended(child);
      expect(stderr).to.match(/^Unavailable: Standard output cannot be written: no space is left; make room$/m);
      expect(code).to.equal(130);
    });
  });

  it('explains that its standard output was closed before the end of the table', async () => {
    await withFolder(async (folder) => {
      writeFileSync(join(folder, 'in.jsonl'), irisLines(20_000));
      const child = startNode(['local/batch.ts', '--format', 'jsonl', join(folder, 'in.jsonl'), '-']);
      killInTime(child);
      child.stdout?.once('data', () => child.stdout?.destroy());
      const stderr = await text(child.stderr ?? expect.fail());
      expect(stderr).to.match(/^Unavailable: Standard output was closed before the whole table/m);
      expect(stderr).not.to.include('--resume');
    });
  });
});
