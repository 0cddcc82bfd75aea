import { toClassCell } from '../core/csv/class-cell.ts';
import { toNames } from '../core/model/classes.ts';
import type { Manifest } from '../core/model/manifest.ts';
import type { JobRequest } from './job.ts';
import { JobError } from './job-error.ts';

type Asked = Pick<JobRequest, 'outputFormat' | 'probabilities'>;

/** Throws InvalidJob where two columns of the output would have one name. */
export function checkColumns(kept: readonly string[], asked: Asked, manifest: Manifest): void {
  const repeated = kept.find((name, index) => kept.indexOf(name) < index);
  if (repeated !== undefined) throw new JobError('InvalidJob', `keep names ${JSON.stringify(repeated)} more than once`);
  const answered = answeredColumns(asked, manifest);
  const taken = kept.find((name) => answered.has(name));
  if (taken !== undefined) {
    const advice = 'keep the others, or give it another name in the input';
    throw new JobError('InvalidJob', `The output has a column ${JSON.stringify(taken)} of its own: ${advice}`);
  }
  const clash = classColumns(asked, manifest).find((name) => name === 'label' || name === 'error');
  if (clash === undefined) return;
  const advice = 'leave probabilities out, or write JSON Lines';
  throw new JobError('InvalidJob', `The model has a class ${JSON.stringify(clash)}, as a column is called: ${advice}`);
}

/** What stands beside the columns that are kept. */
function answeredColumns(asked: Asked, manifest: Manifest): ReadonlySet<string> {
  if (manifest.task === 'regression') return new Set(['value', 'error']);
  const nested = asked.outputFormat.kind === 'jsonl' && asked.probabilities ? ['probabilities'] : [];
  return new Set(['label', 'error', ...nested, ...classColumns(asked, manifest)]);
}

/** In JSON the probabilities have an object of their own. */
function classColumns({ outputFormat, probabilities }: Asked, manifest: Manifest): readonly string[] {
  if (manifest.task === 'regression' || !probabilities || outputFormat.kind === 'jsonl') return [];
  return outputFormat.kind === 'csv' ? manifest.classes.map(toClassCell) : toNames(manifest.classes);
}
