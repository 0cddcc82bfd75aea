import { expect } from 'chai';
import { createProgress, toTime } from '../../local/batch/progress.ts';

/** Shows progress on a fake terminal (or a stream that is not one), with a clock that the test sets. */
function watch(total: number, isTTY: boolean, columns = 100) {
  let [text, ms] = ['', 0];
  const terminal = {
    isTTY,
    columns,
    write(more: string) {
      text += more;
    },
  };
  const progress = createProgress(total, terminal, () => ms);
  return {
    ...progress,
    /** Adds rows at this time in milliseconds, and returns the text that is written for them. */
    addAt(time: number, rows: number, failed = 0): string {
      [text, ms] = ['', time];
      progress.add(rows, failed);
      return text;
    },
    written: () => text,
  };
}

describe('the progress of npm run batch', () => {
  it('is a line every few seconds if the output is not a terminal', () => {
    const { addAt } = watch(10_000, false);
    expect(addAt(1000, 1000)).to.equal('');
    expect(addAt(5000, 1500)).to.equal('2,500 of 10,000 rows, 500 a second, 15 s left\n');
    expect(addAt(6000, 1)).to.equal('');
    expect(addAt(10_000, 2499, 7)).to.equal('5,000 of 10,000 rows, 500 a second, 10 s left, 7 failed\n');
  });

  it('is a bar on a terminal, no wider than the terminal, and disappears at the end', () => {
    const { addAt, end, written } = watch(1000, true);
    expect(addAt(50, 100)).to.equal('');
    expect(addAt(500, 400)).to.equal(
      '\r\u001B[K████████████░░░░░░░░░░░░  50 % 500 of 1,000 rows, 1,000 a second, 0.5 s left',
    );
    end();
    expect(written().endsWith('\r\u001B[K')).to.equal(true);
    expect(watch(1000, true, 20).addAt(500, 1)).to.have.lengthOf('\r\u001B[K'.length + 19);
  });

  it('shortens the bar if there is little room beside the words', () => {
    const { addAt } = watch(10_000_000, true, 80);
    expect(addAt(1000, 5_000_000)).to.match(
      /█{6}░{6} {2}50 % 5,000,000 of 10,000,000 rows, 5,000,000 a second, 1.0 s left$/,
    );
  });

  it('formats durations with units that people read easily', () => {
    expect([0.25, 45.4, 200, 7500].map(toTime)).to.deep.equal(['0.3 s', '45 s', '3 min 20 s', '2 h 5 min']);
  });
});
