import { expect } from 'chai';
import type { Figure } from '../../bench/figures/figure.ts';
import { describeRepeatability } from '../../bench/figures/repeatability.ts';
import { judge, toCalibration } from '../../bench/regressions.ts';
import { chooseSeed, createRounds } from '../../bench/rounds.ts';
import { spreadOf } from '../../bench/statistics.ts';

const figureOf = (id: string, rounds: readonly number[], higherIsBetter = true): Figure => ({
  ...{ id, group: '', what: '', against: '', ours: '', theirs: '', higherIsBetter },
  ratio: spreadOf(rounds),
});
const figure = (id: string, ratio: number, higherIsBetter = true) => figureOf(id, [ratio], higherIsBetter);

const calibrated = (...ratios: number[]) => toCalibration(ratios.map((ratio) => [figure('speed', ratio)]));

describe('the gate of the benchmark', () => {
  it('fails a ratio that repeats and is less than half of what it was', () => {
    expect(judge(figure('speed', 4.9), calibrated(9, 10, 12))).to.include({ gated: true, failed: true });
    expect(judge(figure('speed', 5.1), calibrated(9, 10, 12))).to.include({ gated: true, failed: false });
  });

  it('fails a ratio of which less is better and that is more than twice what it was', () => {
    const calibration = calibrated(2, 2.1, 2.2);
    expect(judge(figure('speed', 4.3, false), calibration)).to.include({ failed: true });
    expect(judge(figure('speed', 4.1, false), calibration)).to.include({ failed: false });
  });

  it('passes where noise has spoilt all rounds but one', () => {
    expect(judge(figureOf('speed', [2, 2, 9, 2, 2]), calibrated(9, 10, 12))).to.include({ gated: true, failed: false });
    const latency = calibrated(2, 2.1, 2.2);
    expect(judge(figureOf('speed', [9, 9, 2, 9], false), latency)).to.include({ gated: true, failed: false });
  });

  it('shows a percentile far out, also where it repeated when it was calibrated', () => {
    const tail = { ...figure('speed', 1), isTail: true };
    expect(judge(tail, calibrated(9, 10, 12))).to.include({ gated: false, failed: false });
  });

  it('fails a ratio that is no number', () => {
    expect(judge(figure('speed', Number.NaN), calibrated(9, 10, 12))).to.include({ failed: true });
  });

  it('shows what does not repeat, however bad it is', () => {
    expect(judge(figure('speed', 0.01), calibrated(1.9, 4.7))).to.include({ gated: false, failed: false });
  });

  it('shows what was not calibrated', () => {
    expect(judge(figure('new', 1), calibrated(1, 1))).to.include({ gated: false, failed: false });
  });
});

describe('the rounds of the benchmark', () => {
  const order = async (seed: number) => {
    const met: string[] = [];
    const measured = await createRounds(seed)(6, ['a', 'b', 'c'], async (name) => met.push(name));
    return { met, measured };
  };

  it('meet each contender once', async () => {
    const { met, measured } = await order(7);
    for (let round = 0; round < 6; round += 1) {
      expect(met.slice(3 * round, 3 * round + 3)).to.have.members(['a', 'b', 'c']);
    }
    expect(Object.keys(measured)).to.deep.equal(['a', 'b', 'c']);
    for (const times of Object.values(measured)) expect(times).to.have.length(6);
  });

  it('come in another order each time, which the seed decides', async () => {
    const [first, again, other] = [await order(7), await order(7), await order(8)];
    expect(first.met).to.deep.equal(again.met);
    expect(first.met).not.to.deep.equal(other.met);
    expect(first.met.slice(0, 9)).not.to.deep.equal([...'abcabcabc']);
  });

  it('take a seed that is a whole number', () => {
    expect(chooseSeed(['--quick', '--seed', '7'])).to.equal(7);
    expect(() => chooseSeed(['--seed', 'x'])).to.throw('--seed takes a whole number');
    expect(chooseSeed([])).to.be.within(1, 2_147_483_646);
  });

  it('tell by their halves how far two runs would differ', () => {
    expect(spreadOf([1, 1, 3, 1.5, 1.5, 1.2]).halves).to.be.closeTo(0.5, 1e-9);
    expect(spreadOf([1.5, 1.5, 1.2, 1, 1, 3]).halves).to.be.closeTo(0.5, 1e-9);
    expect(spreadOf([1, 2, 3]).halves).to.equal(undefined);
    const text = describeRepeatability([figureOf('speed', [1, 1, 1.5, 1.5]), figureOf('size', [2, 2, 2, 2])]);
    expect(text).to.contain('by 25 % in the middle and by 50 % at most (speed)');
  });
});
