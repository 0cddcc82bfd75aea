import { type ChildProcess, execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect } from 'chai';
import { irisLines, runBatch, withFolder } from '../helpers/batch.ts';
import { changeManifest, withPackage } from '../helpers/package.ts';
import { ended, killInTime, startNode } from '../helpers/process.ts';

const rows = 12_000;
const slices = ['--jobs', '1', '--slice-bytes', '10000'];

interface Begun {
  readonly child: ChildProcess;
  readonly input: string;
  readonly output: string;
  readonly work: string;
}

/** Begins a job of about a hundred slices, and waits until it has done some. */
async function begin(
  folder: string,
  values: readonly string[] = [],
  environment: Record<string, string> = {},
  badEach = 0,
): Promise<Begun> {
  const [input, output] = [join(folder, 'in.jsonl'), join(folder, 'out.jsonl')];
  writeFileSync(input, irisLines(rows, { badEach }));
  const child = startNode(['local/batch.ts', ...slices, ...values, input, output], { INIT_CWD: '.', ...environment });
  killInTime(child);
  const work = `${output}.partial`;
  while (!existsSync(join(work, 'report-00002.json'))) {
    if (child.exitCode !== null) expect.fail('it ended before');
    await wait(20);
  }
  return { child, input, output, work };
}

async function beginAndInterrupt(
  folder: string,
  values: readonly string[] = [],
  environment: Record<string, string> = {},
  badEach = 0,
) {
  const begun = await begin(folder, values, environment, badEach);
  begun.child.kill('SIGINT');
  const { code, stderr } = await ended(begun.child);
  return { ...begun, code, stderr };
}

const reportsIn = (folder: string) => readdirSync(folder).filter((name) => name.startsWith('report-'));

describe('npm run batch --resume', () => {
  it('continues where a run was interrupted, and scores nothing twice', async () => {
    await withFolder(async (folder) => {
      const { code, stderr, input, output, work } = await beginAndInterrupt(folder);
      expect(stderr).to.match(/^Interrupted\nTo continue: `npm run batch -- … --resume`$/m);
      expect(code).to.equal(130);
      expect(existsSync(output)).to.equal(false);
      const done = reportsIn(work).length;
      const resumed = await runBatch(['--resume', ...slices, input, output]);
      expect(resumed.stderr).to.match(new RegExp(`^${done} of \\d+ parts are done already$`, 'm'));
      expect(resumed.stderr).to.include('scored 12,000 rows');
      expect(resumed.code).to.equal(0);
      const undisturbed = join(folder, 'undisturbed.jsonl');
      expect((await runBatch([input, undisturbed])).code).to.equal(0);
      expect(readFileSync(output).equals(readFileSync(undisturbed))).to.equal(true);
      expect(existsSync(work)).to.equal(false);
    });
  });

  it('is needed to continue: without it, a run starts from the beginning', async () => {
    await withFolder(async (folder) => {
      const { input, output, work } = await beginAndInterrupt(folder);
      const { code, stderr } = await runBatch([input, output]);
      expect(stderr)
        .to.match(/^iris 1\.0\.0 scored 12,000 rows/m)
        .and.not.include('done already');
      expect(code).to.equal(0);
      expect(existsSync(work)).to.equal(false);
    });
  });

  it('starts a job that was never begun', async () => {
    await withFolder(async (folder) => {
      const input = join(folder, 'in.jsonl');
      writeFileSync(input, irisLines(3));
      const { code, stderr } = await runBatch(['--resume', input, join(folder, 'out.jsonl')]);
      expect(stderr).to.include('scored 3 rows');
      expect(code).to.equal(0);
    });
  });

  it('refuses another job, and says what differs', async () => {
    await withPackage(async (directory) => {
      const environment = { MODELS_DIRECTORY: directory };
      const { input, output, work } = await beginAndInterrupt(directory, ['--keep', 'id'], environment);
      const before = readdirSync(work);
      const other = await runBatch(
        ['--resume', '--keep', 'all', '--probabilities', 'no', '--explain', input, output],
        environment,
      );
      expect(other.stderr).to.include(
        'InvalidJob: The interrupted job differs from this one: --keep was ["id"] and is "all"; --probabilities was "yes" and is "no"; --explain was "no" and is "yes"; start again without --resume',
      );
      expect(other.code).to.equal(2);

      const resume = ['--resume', '--keep', 'id', input, output];
      const { atime, mtime } = statSync(input);
      utimesSync(input, 1, 1);
      const changed = await runBatch(resume, environment);
      expect(changed.stderr).to.match(/^InputChanged: .*in\.jsonl has changed since the job began/m);
      expect(changed.code).to.equal(2);

      utimesSync(input, atime, mtime);
      changeManifest(directory, { version: '1.0.1' });
      const otherModel = await runBatch(resume, environment);
      expect(otherModel.stderr).to.match(
        /^ModelChanged: .*planned with iris 1\.0\.0, but the model is now iris 1\.0\.1/m,
      );
      expect(otherModel.code).to.equal(2);
      expect(readdirSync(work)).to.deep.equal(before);
    });
  });

  for (const file of ['report-00001.json', 'slices.json', 'job.json']) {
    it(`redoes the work that was recorded in a truncated ${file}`, async () => {
      await withFolder(async (folder) => {
        const { input, output, work } = await beginAndInterrupt(folder);
        truncateSync(join(work, file), 9);
        const { code, stderr } = await runBatch(['--resume', input, output]);
        expect(stderr).to.include('scored 12,000 rows');
        expect(code).to.equal(0);
      });
    });
  }

  for (const [file, content] of [
    ['job.json', '{}'],
    ['slices.json', '{}'],
    ['slices.json', '[{}]'],
  ] as const) {
    it(`starts from the beginning if ${file} is ${content}, as another version may write it`, async () => {
      await withFolder(async (folder) => {
        const { input, output, work } = await beginAndInterrupt(folder);
        writeFileSync(join(work, file), content);
        const { code, stderr } = await runBatch(['--resume', input, output]);
        expect(stderr).to.include('scored 12,000 rows');
        expect(code).to.equal(0);
      });
    });
  }

  for (const file of ['part-00001', 'errors-00001.jsonl']) {
    it(`scores a slice again if its ${file} was truncated`, async () => {
      await withFolder(async (folder) => {
        const { input, output, work } = await beginAndInterrupt(folder, ['--keep', 'id'], {}, 10);
        truncateSync(join(work, file), 50);
        expect((await runBatch(['--resume', '--keep', 'id', input, output])).code).to.equal(0);
        const undisturbed = join(folder, 'undisturbed.jsonl');
        expect((await runBatch(['--keep', 'id', input, undisturbed])).code).to.equal(0);
        for (const end of ['', '.errors.jsonl']) {
          expect(readFileSync(output + end).equals(readFileSync(undisturbed + end)), end).to.equal(true);
        }
      });
    });
  }

  it('continues after somebody removed a part', async () => {
    await withFolder(async (folder) => {
      const { input, output, work } = await beginAndInterrupt(folder);
      execFileSync('rm', [join(work, 'part-00001')]);
      const { code, stderr } = await runBatch(['--resume', input, output]);
      expect(stderr).to.include('scored 12,000 rows');
      expect(code).to.equal(0);
    });
  });
});

describe('a run of npm run batch', () => {
  it('is refused while another writes the same output', async () => {
    await withFolder(async (folder) => {
      const { child, input, output, work } = await begin(folder);
      const second = await runBatch(['--resume', input, output]);
      expect(second.stderr).to.equal(
        `InvalidJob: Process ${child.pid} is writing this output: wait until it has ended\n`,
      );
      expect(second.code).to.equal(2);
      expect(existsSync(work)).to.equal(true);
      const { code, stderr } = await ended(child);
      expect(code, stderr).to.equal(0);
    });
  });

  it('ends, and can be resumed, if one of its processes is killed', async () => {
    await withFolder(async (folder) => {
      const { child, input, output } = await begin(folder);
      const children = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim().split(' ');
      expect(children.length).to.be.at.least(1);
      for (const pid of children) process.kill(Number(pid), 'SIGKILL');
      const { code, stderr } = await ended(child);
      expect(stderr).to.match(
        /^Unavailable: A worker process was ended by SIGKILL; if memory was short, try --jobs 1, which needs less$/m,
      );
      expect(stderr).to.match(/^To continue: `npm run batch -- … --resume`$/m);
      expect(code).to.equal(130);
      expect((await runBatch(['--resume', input, output])).code).to.equal(0);
    });
  });

  it('is interrupted if its terminal is closed', async () => {
    await withFolder(async (folder) => {
      const { child, work } = await begin(folder);
      child.kill('SIGHUP');
      const { code, stderr } = await ended(child);
      expect(stderr).to.match(/^Interrupted\nTo continue: `npm run batch -- … --resume`$/m);
      expect(code).to.equal(130);
      expect(existsSync(join(work, 'lock'))).to.equal(false);
    });
  });

  it('writes its output even if nobody reads its standard error', async () => {
    await withFolder(async (folder) => {
      const { child, output } = await begin(folder);
      child.stderr?.destroy();
      const code = await new Promise((resolve) => child.once('exit', resolve));
      expect(code).to.equal(0);
      expect(readFileSync(output, 'utf8').split('\n')).to.have.lengthOf(rows + 1);
    });
  });

  it('leaves no process behind when it is killed', async () => {
    await withFolder(async (folder) => {
      const { child } = await begin(folder);
      const [worker] = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim().split(' ');
      child.kill('SIGKILL');
      // The worker has the same standard error, which closes when both processes have ended.
      await ended(child);
      for (let tries = 0; existsSync(`/proc/${worker}`) && tries < 100; tries += 1) await wait(20);
      expect(existsSync(`/proc/${worker}`)).to.equal(false);
    });
  });

  it('fails if its input changes, and leaves neither an output nor parts', async () => {
    await withFolder(async (folder) => {
      const { child, input, output } = await begin(folder);
      writeFileSync(input, irisLines(5));
      const { code, stderr } = await ended(child);
      expect(stderr).to.match(/^InputChanged: .*in\.jsonl has changed since the job began$/m);
      expect(code).to.equal(2);
      expect(existsSync(output)).to.equal(false);
      // A later run could not use the parts, because they belong to the earlier input.
      expect(existsSync(`${output}.partial`)).to.equal(false);
    });
  });
});
