import type { Manifest } from '../../core/model/manifest.ts';
import { classNamesOf, outputsOf } from '../../core/model/outputs.ts';
import type { ScoredRun } from '../formats/format.ts';
import type { Report } from '../job/job.ts';

/** The most failed rows whose numbers are listed. */
export const maxFirstFailed = 10;

/** The counts of a report. */
export type Counts = Pick<Report, 'rows' | 'failed' | 'labels' | 'firstFailed'>;

/** The names of labels in counts, by label column. With several targets, names are `target:class`. */
export function labelNames(manifest: Manifest): readonly (readonly string[])[] {
  const columns = outputsOf(manifest).flatMap((output) => (output.kind === 'labels' ? output.columns : []));
  return columns.map(classNamesOf);
}

/** Counts the rows of a part whose first row has the number `start` in the input. */
export function createTally(manifest: Manifest, start: number) {
  const names = labelNames(manifest);
  const labels = names.map((some) => new Float64Array(some.length));
  const firstFailed: number[] = [];
  let [rows, failed] = [0, 0];

  const countLabels = ({ predictions, answers }: ScoredRun) => {
    const [positions] = predictions.blocks;
    for (const [column, counts] of labels.entries()) {
      for (const answer of answers) {
        if (answer < 0) continue;
        const label = positions?.[answer * labels.length + column] as number;
        counts[label] = (counts[label] as number) + 1;
      }
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
      const counted = names.flatMap((some, column) =>
        some.flatMap((name, label) => (labels[column]?.[label] ? [[name, labels[column][label]]] : [])),
      );
      return { rows, failed, labels: Object.fromEntries(counted), firstFailed };
    },
  };
}

/** Collects the numbers of the first failed rows. `problems` may be in any order. */
function noteFailed({ problems }: ScoredRun, start: number, firstFailed: number[]): void {
  const rows = Array.from(problems.keys()).sort((a, b) => a - b);
  for (const row of rows.slice(0, maxFirstFailed - firstFailed.length)) firstFailed.push(start + row + 1);
}
