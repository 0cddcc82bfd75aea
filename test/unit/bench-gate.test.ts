import { expect } from 'chai';
import type { Figure } from '../../bench/figures/figure.ts';
import { toFigures } from '../../bench/figures/figures.ts';
import { describeRepeatability } from '../../bench/figures/repeatability.ts';
import { judge, readCalibration, toCalibration } from '../../bench/gate/regressions.ts';
import { type Batcher, batchers } from '../../bench/measure/batch.ts';
import { type Warmed, warmed } from '../../bench/measure/warm.ts';
import { calibrating, type Plan, quick } from '../../bench/plan.ts';
import { toCosts } from '../../bench/prices/cost.ts';
import type { Results } from '../../bench/results.ts';
import { chooseSeed, createRounds } from '../../bench/rounds.ts';
import { spreadOf } from '../../bench/statistics.ts';
import { type System, systems } from '../../bench/systems/images.ts';

const figureOf = (id: string, rounds: readonly number[], higherIsBetter = true): Figure => ({
  ...{ id, group: '', what: '', against: '', ours: '', theirs: '', higherIsBetter },
  ratio: spreadOf(rounds),
});
const figure = (id: string, ratio: number, higherIsBetter = true) => figureOf(id, [ratio], higherIsBetter);

const calibrated = (...ratios: number[]) => toCalibration(ratios.map((ratio) => [figure('speed', ratio)]));

describe('the gate of the benchmark', () => {
  it('fails a repeatable ratio that has fallen below half of its calibration', () => {
    expect(judge(figure('speed', 4.9), calibrated(9, 10, 12))).to.include({ gated: true, failed: true });
    expect(judge(figure('speed', 5.1), calibrated(9, 10, 12))).to.include({ gated: true, failed: false });
  });

  it('fails a ratio that should be low if it is more than twice its calibration', () => {
    const calibration = calibrated(2, 2.1, 2.2);
    expect(judge(figure('speed', 4.3, false), calibration)).to.include({ failed: true });
    expect(judge(figure('speed', 4.1, false), calibration)).to.include({ failed: false });
  });

  it('passes if noise has spoilt all rounds except one', () => {
    expect(judge(figureOf('speed', [2, 2, 9, 2, 2]), calibrated(9, 10, 12))).to.include({ gated: true, failed: false });
    const latency = calibrated(2, 2.1, 2.2);
    expect(judge(figureOf('speed', [9, 9, 2, 9], false), latency)).to.include({ gated: true, failed: false });
  });

  it('shows, but does not judge, a high percentile, even if it was repeatable at calibration', () => {
    const tail = { ...figure('speed', 1), isTail: true };
    expect(judge(tail, calibrated(9, 10, 12))).to.include({ gated: false, failed: false });
  });

  it('fails a ratio that is NaN', () => {
    expect(judge(figure('speed', Number.NaN), calibrated(9, 10, 12))).to.include({ failed: true });
  });

  it('shows, but does not judge, a ratio that is not repeatable, however bad it is', () => {
    expect(judge(figure('speed', 0.01), calibrated(1.9, 4.7))).to.include({ gated: false, failed: false });
  });

  it('shows, but does not judge, a ratio that was not calibrated', () => {
    expect(judge(figure('new', 1), calibrated(1, 1))).to.include({ gated: false, failed: false });
  });
});

/** The results of a benchmark run that follows this plan. Every measurement is 1. */
function resultsOf(plan: Plan): Results {
  const of = <Name extends string, T>(all: readonly Name[], chosen: readonly Name[], value: T) =>
    Object.fromEntries(all.map((name) => [name, chosen.includes(name) ? [value] : []])) as Record<Name, T[]>;
  const starts = of<System, { total: number; answer: number }>(systems, plan.started, { total: 1, answer: 1 });
  const coldStarts = plan.memories.map((megabytes) => ({ megabytes, starts, splits: of(systems, [], never) }));
  const resident = Object.fromEntries(plan.emulated.map((system) => [system, 1])) as Record<System, number>;
  const emulated = { times: of<System, number>(systems, plan.emulated, 1), resident };
  const p50 = of<Warmed, number>(warmed, plan.warmed, 1);
  const warm = Object.fromEntries(warmed.map((name) => [name, { p50: p50[name], p99: p50[name], curve: [] }]));
  const rounds = Object.fromEntries(plan.served.map((name) => [name, { 1: [1], 8: [1] }]));
  const times = of<Batcher, number>(batchers, batchers, 1);
  const batches = plan.batchModels.flatMap((model) =>
    (['json', 'csv', 'oip'] as const).map((format) => ({ model, format, rows: 10_000, times })),
  );
  const sizes = systems.map((system) => {
    return [system, { uncompressed: 1, compressed: plan.compressed.includes(system) ? 1 : Number.NaN, layers: 1 }];
  });
  return {
    ...{ plan: plan.name, seed: 1, date: '', commit: '', machine: never, coldStarts, emulated },
    warm: { times: warm as unknown as Results['warm']['times'], allocated: 1 },
    http: { rounds, notMeasured: {} },
    batches: { batches, peaks: of<Batcher, number>(batchers, plan.peaked, 1) },
    sizes: Object.fromEntries(sizes),
    costs: toCosts(coldStarts, emulated),
  };
}

const never = undefined as never;

describe('the quick run', () => {
  it('measures every figure that the gate judges, and no calibrated figure that it does not judge', async () => {
    const calibration = await readCalibration();
    const gatedOf = (plan: Plan) =>
      toFigures(resultsOf(plan))
        .filter((each) => judge(each, calibration).gated)
        .map(({ id }) => id);
    expect(gatedOf(quick)).to.have.members(gatedOf(calibrating));
    expect(gatedOf(quick)).to.include('one row in a running process, median / `session.run` alone');
    const shown = toFigures(resultsOf(quick)).filter((each) => !judge(each, calibration).gated);
    expect(shown.filter(({ id }) => id in calibration)).to.deep.equal([]);
  });
});

describe('the rounds of the benchmark', () => {
  const order = async (seed: number) => {
    const met: string[] = [];
    const measured = await createRounds(seed)(6, ['a', 'b', 'c'], async (name) => met.push(name));
    return { met, measured };
  };

  it('each run every contender once', async () => {
    const { met, measured } = await order(7);
    for (let round = 0; round < 6; round += 1) {
      expect(met.slice(3 * round, 3 * round + 3)).to.have.members(['a', 'b', 'c']);
    }
    expect(Object.keys(measured)).to.deep.equal(['a', 'b', 'c']);
    for (const times of Object.values(measured)) expect(times).to.have.length(6);
  });

  it('run the contenders in an order that differs from round to round and follows from the seed', async () => {
    const [first, again, other] = [await order(7), await order(7), await order(8)];
    expect(first.met).to.deep.equal(again.met);
    expect(first.met).not.to.deep.equal(other.met);
    expect(first.met.slice(0, 9)).not.to.deep.equal([...'abcabcabc']);
  });

  it('accept only whole numbers as seeds', () => {
    expect(chooseSeed(['--quick', '--seed', '7'])).to.equal(7);
    expect(() => chooseSeed(['--seed', 'x'])).to.throw('--seed takes a whole number');
    expect(chooseSeed([])).to.be.within(1, 2_147_483_646);
  });

  it('estimate from their halves how far two runs would differ', () => {
    expect(spreadOf([1, 1, 3, 1.5, 1.5, 1.2]).halves).to.be.closeTo(0.5, 1e-9);
    expect(spreadOf([1.5, 1.5, 1.2, 1, 1, 3]).halves).to.be.closeTo(0.5, 1e-9);
    expect(spreadOf([1, 2, 3]).halves).to.equal(undefined);
    const text = describeRepeatability([figureOf('speed', [1, 1, 1.5, 1.5]), figureOf('size', [2, 2, 2, 2])]);
    expect(text).to.equal(
      'Half of the figures differ by at most 25 % between the two halves of their rounds; the largest difference is 50 % (speed).',
    );
  });
});
