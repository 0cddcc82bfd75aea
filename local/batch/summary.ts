import type { Summary } from '../../functions/batch/finish.ts';
import { toCount, toTime } from './progress.ts';

const maxLabels = 20;

/** The message at the end of a run. `output` is as the user typed it. */
export function describeSummary(summary: Summary, output: string, seconds: number, scored: number): string {
  const { model, rows } = summary;
  // A resumed run has scored only the remaining rows.
  const rate = scored / Math.max(seconds, 1e-3);
  const speed = `${rate < 10 ? Number(rate.toPrecision(1)) : toCount(Math.round(rate))} rows a second`;
  const into = output === '-' ? 'standard output' : output;
  const head = `${model.name} ${model.version} scored ${rows === 1 ? '1 row' : `${toCount(rows)} rows`} in ${toTime(seconds)} (${speed}): ${into}`;
  return [head, ...describeLabels(summary), ...describeFailed(summary, output)].join('\n');
}

function describeLabels({ labels, rows }: Summary): string[] {
  const entries = Object.entries(labels).map(([name, count]) => [toShown(name), count] as const);
  const listed = entries.slice(0, maxLabels);
  const wide = Math.max(0, ...listed.map(([name]) => name.length));
  const numbers = Math.max(0, ...listed.map(([, count]) => toCount(count).length));
  const lines = listed.map(([name, count]) => {
    const share = ((count / rows) * 100).toFixed(1).padStart(5);
    return `  ${name.padEnd(wide)}  ${toCount(count).padStart(numbers)}  ${share} %`;
  });
  const more = entries.length - listed.length;
  return more > 0 ? [...lines, `  and ${more} more`] : lines;
}

/**
 * A blank name, or one with control characters, is shown as JSON: otherwise it would be invisible or disturb the
 * terminal.
 */
function toShown(name: string): string {
  return /^\s*$|\p{Cc}/u.test(name) ? JSON.stringify(name) : name;
}

function describeFailed({ failed, firstFailed, errors }: Summary, output: string): string[] {
  if (failed === 0) return [];
  const numbers = firstFailed.map(toCount).join(', ');
  const count = failed === 1 ? '1 row failed' : `${toCount(failed)} rows failed`;
  const more = failed > firstFailed.length ? ', …' : '';
  const reasons = output === '-' ? 'the column error has the reason of each' : `the reasons are in ${errors}`;
  return [`${count} (${failed === 1 ? 'row' : 'rows'} ${numbers}${more}): ${reasons}`];
}
