/** The stream to which progress is written: a terminal or, without isTTY, a file or pipe. */
export interface Terminal {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

export interface Progress {
  add(rows: number, failed: number): void;
  /** Removes the bar. */
  end(): void;
}

/** Milliseconds between two updates of the bar, and between two lines if the output is not a terminal. */
const [pictures, lines] = [100, 5000];
/** The widest bar, in characters. */
const widest = 24;
/** The characters of the percentage after the bar. */
const behind = 7;

/** Shows how many of `total` rows are done. */
export function createProgress(total: number, terminal: Terminal, now = () => performance.now()): Progress {
  const pause = terminal.isTTY ? pictures : lines;
  const begin = now();
  let [rows, failed, told] = [0, 0, begin];

  return {
    add(moreRows, moreFailed) {
      rows += moreRows;
      failed += moreFailed;
      if (now() - told < pause) return;
      told = now();
      const text = describeProgress({ rows, failed, total, seconds: (told - begin) / 1000 });
      if (!terminal.isTTY) terminal.write(`${text}\n`);
      else {
        const room = (terminal.columns ?? 80) - 1;
        terminal.write(`\r\u001B[K${`${toBar(rows, total, room - text.length)}${text}`.slice(0, room)}`);
      }
    },
    end() {
      if (terminal.isTTY) terminal.write('\r\u001B[K');
    },
  };
}

interface State {
  readonly rows: number;
  readonly failed: number;
  readonly total: number;
  readonly seconds: number;
}

function describeProgress({ rows, failed, total, seconds }: State): string {
  const rate = rows / Math.max(seconds, 1e-3);
  const left = rows === 0 ? '' : `, ${toTime(Math.max(0, total - rows) / rate)} left`;
  const failures = failed > 0 ? `, ${toCount(failed)} failed` : '';
  return `${toCount(rows)} of ${toCount(total)} rows, ${toCount(Math.round(rate))} a second${left}${failures}`;
}

/** Draws the bar as wide as fits beside the numbers; no bar if only a few characters are left. */
function toBar(rows: number, total: number, room: number): string {
  const width = Math.min(widest, room - behind);
  if (total === 0 || width < 4) return '';
  const share = Math.min(1, rows / total);
  const full = Math.round(share * width);
  return `${'█'.repeat(full)}${'░'.repeat(width - full)} ${String(Math.floor(share * 100)).padStart(3)} % `;
}

export function toCount(number: number): string {
  return number.toLocaleString('en');
}

/** Formats a time: 45 s, 3 min 20 s, 2 h 5 min. */
export function toTime(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  return minutes < 60 ? `${minutes} min ${whole % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
