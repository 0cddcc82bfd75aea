import { expect } from 'chai';
import type { Figure } from '../../bench/figures/figure.ts';
import { judge, toCalibration } from '../../bench/regressions.ts';

const figure = (id: string, ratio: number, higherIsBetter = true): Figure => ({
  ...{ id, group: '', what: '', against: '', ours: '', theirs: '', higherIsBetter },
  ratio: { median: ratio, low: ratio, high: ratio },
});

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
