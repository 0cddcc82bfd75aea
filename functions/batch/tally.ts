import { toNames } from '../core/model/classes.ts';
import type { Manifest } from '../core/model/manifest.ts';
import type { ScoredRun } from './formats/format.ts';
import type { Report } from './job.ts';

/** Failed rows that are told by their numbers. */
export const maxFirstFailed = 10;

/** What a report counts. */
export type Counts = Pick<Report, 'rows' | 'failed' | 'labels' | 'firstFailed'>;

/** Counts the rows of a part, whose first row has the number `start` in the input. */
export function createTally(manifest: Manifest, start: number) {
  const names = manifest.task === 'regression' ? [] : toNames(manifest.classes);
  const labels = new Float64Array(names.length);
  const firstFailed: number[] = [];
  let [rows, failed] = [0, 0];

  const countLabels = ({ predictions, answers }: ScoredRun) => {
    if (!('labels' in predictions)) return;
    for (const answer of answers) {
      if (answer < 0) continue;
      const label = predictions.labels[answer] as number;
      labels[label] = (labels[label] ?? 0) + 1;
    }
  };

  return {
    add(run: ScoredRun): void {
      countLabels(run);
      if (run.problems.size > 0) noteFailed(run, start + rows, firstFailed);
      failed += run.problems.size;
      rows += run.rows;
    },
    counts(): Counts {
      const counted = names.flatMap((name, label) => (labels[label] ? [[name, labels[label]]] : []));
      return { rows, failed, labels: Object.fromEntries(counted), firstFailed };
    },
  };
}

/** Problems need not stand in the order of their rows. */
function noteFailed({ problems }: ScoredRun, start: number, firstFailed: number[]): void {
  const rows = Array.from(problems.keys()).sort((a, b) => a - b);
  for (const row of rows.slice(0, maxFirstFailed - firstFailed.length)) firstFailed.push(start + row + 1);
}
