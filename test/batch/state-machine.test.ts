import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { finishJob } from '../../functions/batch/finish.ts';
import type { JobRequest } from '../../functions/batch/job/job.ts';
import { planJob } from '../../functions/batch/plan.ts';
import { scoreSlice } from '../../functions/batch/score.ts';
import { createFiles } from '../../functions/batch/stores/files.ts';
import { createS3Store } from '../../functions/batch/stores/s3.ts';
import type { Store } from '../../functions/batch/stores/store.ts';
import { defaultLimits } from '../../functions/core/limits.ts';
import { loadModel } from '../../functions/core/model/load.ts';
import { accessTo, makeBucket, servers } from './aws.ts';
import { type FakeLambda, startLambda } from './lambda.ts';
import { covers, type Right, readRights, toNeeds } from './rights.ts';
import { type S3Proxy, startS3Proxy } from './s3-proxy.ts';
import { createStateMachine, type Execution, type StateMachine } from './states.ts';
import { marked, toTable } from './table.ts';

const lambdaPort = Number(process.env.LAMBDA_PORT);
const rows = 2000;
const table = toTable(rows, (row) => row % 400 === 399);
const failed = 5;

describe('the state machine', () => {
  let proxy: S3Proxy;
  let lambda: FakeLambda;
  let machine: StateMachine;
  let store: Store;
  let root: string;
  let executions: Execution[] = [];
  let jobs = 0;

  before(async () => {
    execFileSync('npm', ['run', 'build'], { stdio: 'ignore' });
    proxy = await startS3Proxy(servers.moto);
    lambda = await startLambda(lambdaPort, {
      MODEL: 'iris',
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'testing',
      AWS_SECRET_ACCESS_KEY: 'testing',
      AWS_ENDPOINT_URL_S3: proxy.endpoint,
      BATCH_SLICE_BYTES: '10000',
      POWERTOOLS_SERVICE_NAME: 'sepal',
      POWERTOOLS_METRICS_NAMESPACE: 'Sepal',
    });
    machine = await createStateMachine(servers.moto);
    store = createS3Store(accessTo(servers.moto));
    root = `s3://${await makeBucket(servers.moto)}`;
    await store.put(`${root}/table.csv`, Buffer.from(table));
  });
  after(async () => {
    await lambda.stop();
    await proxy.stop();
  });
  afterEach(async () => {
    proxy.refuse = () => undefined;
    lambda.beforeCall = () => undefined;
  });

  const toJob = (options: object = {}) => {
    const output = `${root}/out/${jobs++}/predictions.csv`;
    return { input: `${root}/table.csv`, output, keep: ['id'], ...options };
  };
  const run = async (job: object, name?: string): Promise<Execution> => {
    const execution = await machine.run(job, name);
    executions = [...executions, execution];
    return execution;
  };
  const read = async (location: string) => Buffer.from((await store.get(location)) ?? []).toString();
  const under = async (output: string) => {
    const folder = output.slice(0, output.lastIndexOf('/'));
    return (await store.list(folder)).map(({ location }) => location.slice(folder.length + 1));
  };

  it('writes the same output as the same steps on one machine in one slice', async () => {
    const job = toJob();
    const { status, output, cause } = await run(job);
    expect(status, cause).to.equal('SUCCEEDED');
    expect(lambda.invocations.filter(({ event }) => event.step === 'score').length).to.be.above(3);
    const expected = await scoreHere(table);
    expect(await read(job.output)).to.equal(expected.output);
    expect(await read(`${job.output}.errors.jsonl`)).to.equal(expected.errors);
    expect(output).to.deep.equal({
      output: job.output,
      rows,
      failed,
      errors: `${job.output}.errors.jsonl`,
      manifest: `${job.output}.manifest.json`,
    });
  });

  it('leaves the output, its errors and its manifest, but no parts', async () => {
    const job = toJob();
    await run(job, `named-${process.pid}`);
    expect(await under(job.output)).to.deep.equal([
      'predictions.csv',
      'predictions.csv.errors.jsonl',
      'predictions.csv.manifest.json',
    ]);
    const manifest = JSON.parse(await read(`${job.output}.manifest.json`));
    expect(manifest).to.deep.include({ rows, failed, execution: `named-${process.pid}`, output: job.output });
    expect(manifest.model).to.include({ name: 'iris', version: '1.0.0' });
    expect(manifest.source).to.include({ location: job.input, size: table.length });
    expect(Date.parse(manifest.finishedAt)).to.be.at.least(Date.parse(manifest.startedAt));
  });

  it('scores a slice again after it failed twice', async () => {
    const job = toJob();
    let refused = 0;
    // The store sends a request up to 4 times, so 8 refusals make two invocations fail.
    proxy.refuse = ({ method, key }) =>
      method === 'PUT' && key.endsWith('part-00001') && refused++ < 8 ? { status: 503, code: 'SlowDown' } : undefined;
    const before = lambda.invocations.length;
    const { status, cause } = await run(job);
    expect(status, cause).to.equal('SUCCEEDED');
    expect(await read(job.output)).to.equal((await scoreHere(table)).output);
    const scored = lambda.invocations
      .slice(before)
      .filter(({ event }) => (event.slice as { part?: number })?.part === 1);
    expect(scored.map(({ answer }) => answer.error?.errorType)).to.deep.equal([
      'Unavailable',
      'Unavailable',
      undefined,
    ]);
  });

  it('fails if a slice never succeeds, and leaves no output', async () => {
    const job = toJob();
    proxy.refuse = ({ method, key }) =>
      method === 'PUT' && key.endsWith('part-00002') ? { status: 503, code: 'SlowDown' } : undefined;
    const { status, error } = await run(job);
    expect([status, error]).to.deep.equal(['FAILED', 'States.ExceedToleratedFailureThreshold']);
    expect(await under(job.output)).not.to.include('predictions.csv');
    expect(lambda.invocations.at(-1)?.event.step).to.equal('score');
  });

  it('fails if the input changes, and does not retry any slice', async () => {
    const job = toJob({ input: `${root}/changing.csv` });
    await store.put(job.input, Buffer.from(table));
    let changed = false;
    lambda.beforeCall = async ({ step }) => {
      if (step !== 'score' || changed) return;
      changed = true;
      await store.put(job.input, Buffer.from(`${table}r,5,3,1,1\n`));
    };
    const before = lambda.invocations.length;
    const { status, error, cause } = await run(job);
    expect([status, error]).to.deep.equal(['FAILED', 'InputChanged']);
    expect(cause).to.include('start the job again');
    const scored = lambda.invocations.slice(before).filter(({ event }) => event.step === 'score');
    expect(new Set(scored.map(({ answer }) => answer.error?.errorType))).to.deep.equal(new Set(['InputChanged']));
    const parts = scored.map(({ event }) => (event.slice as { part: number }).part);
    expect(new Set(parts).size).to.equal(parts.length);
    expect(await under(job.output)).not.to.include('predictions.csv');
  });

  it('fails with ModelChanged if another model is deployed during a job', async () => {
    const job = toJob();
    let deployed = false;
    lambda.beforeCall = async ({ step }) => {
      if (step !== 'score' || deployed) return;
      deployed = true;
      await lambda.deploy({ MODEL: 'churn' });
    };
    const { status, error } = await run(job);
    await lambda.deploy({});
    expect([status, error]).to.deep.equal(['FAILED', 'ModelChanged']);
    expect(await under(job.output)).not.to.include('predictions.csv');
  });

  const refused: [string, object, string, RegExp][] = [
    ['an unknown option', { keeps: ['id'] }, 'InvalidJob', /option "keeps"; did you mean "keep"\?/],
    ['an invalid threshold', { maxFailed: 'many' }, 'InvalidJob', /maxFailed must be/],
    ['an unknown format', { format: 'xlsx' }, 'InvalidJob', /format must be one of csv/],
    ['a kept column that is missing', { keep: ['customer'] }, 'InvalidJob', /customer/],
    ['a kept column with the name of an output column', { keep: ['label'] }, 'InvalidJob', /label/],
    ['a missing input', { input: 's3://nowhere-at-all/x.csv' }, 'InputNotFound', /nowhere-at-all/],
  ];
  for (const [what, options, name, message] of refused) {
    it(`refuses ${what} with a named error`, async () => {
      const { status, error, cause } = await run(toJob(options));
      expect([status, error]).to.deep.equal(['FAILED', name]);
      expect(JSON.parse(String(cause)).errorMessage).to.match(message);
    });
  }

  it('refuses a header that lacks a feature', async () => {
    const job = toJob({ input: `${root}/header.csv` });
    await store.put(job.input, Buffer.from(table.replace('sepal_width', 'sepal_widht')));
    const { error, cause } = await run(job);
    expect(error).to.equal('InvalidInput');
    expect(cause).to.include('sepal_width');
  });

  it('fails with TooManyFailedRows if too many rows fail, but writes the output', async () => {
    const job = toJob({ maxFailed: '0.1%' });
    const { status, error, cause } = await run(job);
    expect([status, error]).to.deep.equal(['FAILED', 'TooManyFailedRows']);
    expect(cause).to.include(`${failed} of ${rows} rows`);
    expect(await read(job.output)).to.equal((await scoreHere(table)).output);
    expect(await under(job.output)).to.include('predictions.csv.manifest.json');
  });

  it('runs jobs at the same time, even two with the same output', async () => {
    const [one, other] = [toJob(), toJob({ probabilities: false })];
    const started = await Promise.all([one, one, other].map((job) => machine.start(job)));
    const ended = await Promise.all(started.map((arn) => machine.wait(arn)));
    executions.push(...ended);
    expect(ended.map(({ status }) => status)).to.deep.equal(['SUCCEEDED', 'SUCCEEDED', 'SUCCEEDED']);
    expect(await read(one.output)).to.equal((await scoreHere(table)).output);
    expect(await read(other.output)).to.match(/^id,label,error\n/);
  });

  it('gives the same result if its last step runs again', async () => {
    const job = toJob();
    const { output } = await run(job);
    const { event } = lambda.invocations.at(-1) ?? {};
    const answer = await fetch(`http://127.0.0.1:${lambdaPort}/2015-03-31/functions/again/invocations`, {
      method: 'POST',
      body: JSON.stringify(event),
    });
    expect(await answer.json()).to.deep.equal(output);
    expect(await read(job.output)).to.equal((await scoreHere(table)).output);
  });

  it('sends only requests to S3 that its role allows, and needs every right of the role', async () => {
    const others = await makeBucket(servers.moto);
    await store.put(`s3://${others}/day/table.csv`, Buffer.from(table));
    const { status } = await run(toJob({ input: `s3://${others}/day/table.csv` }));
    expect(status).to.equal('SUCCEEDED');
    // These joins have parts that are long enough to be copied. The second fails, so that its upload is aborted.
    const throughProxy = createS3Store(accessTo(proxy.endpoint), 1);
    const long = { location: `${root}/long`, start: 0, end: 9 * 2 ** 20 };
    await throughProxy.put(long.location, new Uint8Array(long.end));
    await throughProxy.join([long, long], `${root}/joined`);
    proxy.refuse = ({ headers }) => (headers['x-amz-copy-source'] ? { status: 403, code: 'AccessDenied' } : undefined);
    await throughProxy.join([long, long], `${root}/refused`).catch(() => undefined);

    const bucket = root.slice('s3://'.length);
    const rights = readRights({ BatchBucket: bucket, BatchInputs: `arn:aws:s3:::${others}/day/*` });
    const isOurs = (need: Right) => [bucket, others].includes(need.resource.split(/:::|\//)[1] ?? '');
    const needs = proxy.made.flatMap(toNeeds).filter(isOurs);
    const uncovered = needs.filter((need) => !rights.some((right) => covers(right, need)));
    expect(uncovered).to.deep.equal([]);
    const unused = rights.filter((right) => !needs.some((need) => covers(right, need)));
    expect(unused).to.deep.equal([]);
    const written = needs.filter(({ action }) => ['s3:PutObject', 's3:DeleteObject'].includes(action));
    expect(written.filter(({ resource }) => resource.includes(others))).to.deep.equal([]);
  });

  it('logs every step, and reveals no value of a row in logs, states and errors', () => {
    const lines = lambda.log().split('\n').filter(Boolean);
    const steps = lines.map((line) => JSON.parse(line)).filter(({ message }) => message === 'step');
    expect(new Set(steps.map(({ step }) => step))).to.deep.equal(new Set(['plan', 'score', 'finish']));
    const counted = lines.map((line) => JSON.parse(line)).filter(({ BatchRows }) => BatchRows !== undefined);
    expect(counted.length).to.be.above(10);
    for (const text of [lambda.log(), ...executions.map((execution) => execution.text)])
      expect(text.includes(marked), 'a value of a row').to.equal(false);
  });
});

/** Scores a table on this machine, as the command line does, and returns the output and its errors. */
async function scoreHere(csv: string): Promise<{ output: string; errors: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'sepal-batch-'));
  const [input, output] = [join(folder, 'in.csv'), join(folder, 'out.csv')];
  writeFileSync(input, csv);
  mkdirSync(join(folder, 'work'));
  const format = { kind: 'csv', gzip: false } as const;
  const formats = { inputFormat: format, outputFormat: format };
  const request: JobRequest = { input, output, ...formats, keep: ['id'], probabilities: true };
  const world = { store: createFiles(), limits: defaultLimits, ...(await loadModel('models', 'iris')) };
  const { job, slices } = await planJob(request, world, { work: join(folder, 'work') });
  for (const slice of slices) await scoreSlice(job, slice, world);
  await finishJob(job, slices.length, world);
  const written = { output: readFileSync(output, 'utf8'), errors: readFileSync(`${output}.errors.jsonl`, 'utf8') };
  rmSync(folder, { recursive: true });
  return written;
}
