import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import type { Slice } from '../../functions/batch/job/job.ts';
import { maxSlices } from '../../functions/batch/slices/slices.ts';
import { finish, plan, type Scored, score } from '../../functions/batch/steps.ts';
import { defaultLimits } from '../../functions/core/limits.ts';
import { loadModel } from '../../functions/core/model/load.ts';
import { createMemoryStore } from '../helpers/memory-store.ts';

interface State {
  readonly Type: string;
  readonly Parameters?: { readonly FunctionName: string };
  readonly Retry?: readonly Retrier[];
  readonly [name: string]: unknown;
}

interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly JitterStrategy: string;
}

interface Machine {
  readonly States: Readonly<Record<'Plan' | 'Finish', State>> & { readonly Score: MapState };
}

interface MapState extends State {
  readonly ItemProcessor: { readonly ProcessorConfig: object; readonly States: { readonly ScoreSlice: State } };
}

const machine: Machine = JSON.parse(readFileSync('functions/batch/state-machine.asl.json', 'utf8'));
const { Plan: planState, Score: map, Finish: finishState } = machine.States;
const { ScoreSlice: scoreState } = map.ItemProcessor.States;

/** The most bytes that Step Functions allows for the input or output of a state or an execution. */
const maxPayload = 256 * 1024;

describe('the state machine', () => {
  const tasks = { Plan: planState, ScoreSlice: scoreState, Finish: finishState };

  for (const [name, task] of Object.entries(tasks)) {
    it(`retries ${name} only after temporary errors`, () => {
      expect(task.Retry).to.have.lengthOf(1);
      const [retrier] = task.Retry ?? [];
      expect(retrier?.ErrorEquals).to.deep.equal([
        'Unavailable',
        'Lambda.ServiceException',
        'Lambda.AWSLambdaException',
        'Lambda.SdkClientException',
        'Lambda.TooManyRequestsException',
      ]);
      expect(retrier).to.include({ JitterStrategy: 'FULL', MaxAttempts: 6, BackoffRate: 2 });
    });

    it(`runs ${name} through the alias that the template passes`, () => {
      expect(task.Parameters?.FunctionName).to.match(/^\$\{FunctionAlias\}$/);
    });
  }

  it('scores in child executions, which a redrive can continue', () => {
    expect(map).to.include({ Type: 'Map', Label: 'Score', MaxConcurrencyPath: '$.plan.concurrency' });
    expect(map.ItemProcessor.ProcessorConfig).to.deep.equal({
      Mode: 'DISTRIBUTED',
      ExecutionType: 'STANDARD',
    });
    // A retry would start the whole map again, and a redrive cannot continue a map whose failure was caught or
    // tolerated.
    for (const name of ['Retry', 'Catch', 'ToleratedFailureCount', 'ToleratedFailurePercentage'])
      expect(map).not.to.have.property(name);
  });

  it('catches only errors of a slice that no redrive can cure', () => {
    const [catcher, ...others] = scoreState.Catch as { ErrorEquals: string[]; Next: string }[];
    expect(others).to.deep.equal([]);
    expect(catcher?.ErrorEquals).not.to.include.members(['Unavailable']);
    expect(catcher?.ErrorEquals.filter((name) => /^(States|Lambda)\.|InternalError/.test(name))).to.deep.equal([]);
  });

  it('replaces the slices with their answers', () => {
    expect([map.ItemsPath, map.ResultPath]).to.deep.equal(['$.plan.slices', '$.plan.slices']);
  });

  it('passes less than Step Functions allows, even with the most slices', async () => {
    const { manifest, run } = await loadModel('models', 'iris');
    const lines = Array.from({ length: maxSlices * 2 }, () => '5.1,3.5,1.4,0.2\n');
    const header = 'sepal_length,sepal_width,petal_length,petal_width\n';
    const input = 's3://bucket/in.csv';
    const { store } = createMemoryStore(new Map([[input, Buffer.from(header + lines.join(''))]]));
    const steps = { world: { store, manifest, run, limits: defaultLimits }, concurrency: 5, sliceBytes: 32 };
    const execution = 'x'.repeat(80);
    const request = { input, output: `s3://bucket/${'o'.repeat(800)}.csv` };
    const record = { step: 'plan', execution };
    const planned = await plan({ step: 'plan', execution, input: request }, steps, record);
    expect(planned.slices.length).to.be.within(maxSlices * 0.8, maxSlices);

    // Numbers with as many digits as those of an object of 5 TB with the shortest rows.
    const widen = (number: number) => number + 1e12;
    const slices = Array.from({ length: maxSlices }, (_, part): Slice => {
      const { start, end, row, rows } = planned.slices[Math.min(part, planned.slices.length - 1)] as Slice;
      return { part, start: widen(start), end: widen(end), row: widen(row), rows: widen(rows) };
    });
    const [slice] = planned.slices as [Slice];
    const scored = await score({ step: 'score', execution, work: planned.work, slice }, steps, record);
    const answers = slices.map(({ part }) => ({ ...scored, part, rows: 1e9, failed: 1e9, bytes: 1e11 }));
    const stopped = slices.map(() => ({ error: 'InputNotFound' }));
    for (const state of [slices, answers, stopped]) {
      const payload = JSON.stringify({ plan: { ...planned, slices: state } });
      expect(Buffer.byteLength(payload)).to.be.below(maxPayload);
    }
    // Slices and answers together would exceed the limit, so the answers replace the slices.
    expect(JSON.stringify([slices, answers]).length).to.be.above(maxPayload);
  });

  it('repeats Finish after it has run, with the same result', async () => {
    const { manifest, run } = await loadModel('models', 'iris');
    const input = 's3://bucket/in.csv';
    const text = 'sepal_length,sepal_width,petal_length,petal_width\n5.1,3.5,1.4,0.2\n';
    const objects = new Map<string, Uint8Array>([[input, Buffer.from(text)]]);
    const world = { store: createMemoryStore(objects).store, manifest, run, limits: defaultLimits };
    const steps = { world, concurrency: 5, sliceBytes: undefined };
    const [execution, record] = ['night-1', { step: '', execution: '' }];
    const request = { input, output: 's3://bucket/out.csv' };
    const { work, slices } = await plan({ step: 'plan', execution, input: request }, steps, record);
    const answers: Scored[] = [];
    for (const slice of slices) answers.push(await score({ step: 'score', execution, work, slice }, steps, record));
    const kept = new Map(objects);
    const last = { step: 'finish', execution, work, parts: 1, answers, startedAt: new Date().toISOString() } as const;
    const finished = await finish(last, steps, record);
    expect([...objects.keys()].filter((location) => location.startsWith(work))).to.deep.equal([]);
    // A file that Finish would not have removed if it had been interrupted.
    objects.set(`${work}/job.json`, kept.get(`${work}/job.json`) as Uint8Array);
    expect(await finish(last, steps, record)).to.deep.equal(finished);
    expect([...objects.keys()].sort()).to.deep.equal([
      input,
      's3://bucket/out.csv',
      's3://bucket/out.csv.manifest.json',
    ]);
  });

  it('fails with the error that stopped a slice, before it joins any part', async () => {
    const { manifest, run } = await loadModel('models', 'iris');
    const world = { store: createMemoryStore(new Map()).store, manifest, run, limits: defaultLimits };
    const answers = [{ part: 0, rows: 1, failed: 0, bytes: 1 }, { error: 'InputChanged' }] as const;
    const startedAt = new Date().toISOString();
    const last = {
      step: 'finish',
      execution: 'x',
      work: 's3://b/o.csv.partial/x',
      parts: 2,
      answers,
      startedAt,
    } as const;
    const steps = { world, concurrency: 5, sliceBytes: undefined };
    const error = await finish(last, steps, { step: 'finish', execution: 'x' }).catch((thrown: Error) => thrown);
    expect(error).to.include({ name: 'InputChanged' });
    expect((error as Error).message).to.match(/start the job again \(1 slice of 2, first slice 2\)$/);
  });
});
