import { toClassCell } from '../core/csv/class-cell.ts';
import { toName } from '../core/model/classes.ts';
import type { Manifest } from '../core/model/manifest.ts';
import { toShown } from '../core/model/outputs.ts';
import type { JobRequest } from './job.ts';
import { JobError } from './job-error.ts';

type Asked = Pick<JobRequest, 'outputFormat' | 'probabilities'>;

/** Throws InvalidJob where two columns of the output would have one name. */
export function checkColumns(kept: readonly string[], asked: Asked, manifest: Manifest): void {
  const repeated = findRepeated(kept);
  if (repeated !== undefined) throw new JobError('InvalidJob', `keep names ${JSON.stringify(repeated)} more than once`);
  const answered = answeredColumns(asked, manifest);
  const taken = kept.find((name) => answered.includes(name));
  if (taken !== undefined) {
    const advice = 'keep the others, or give it another name in the input';
    throw new JobError('InvalidJob', `The output has a column ${JSON.stringify(taken)} of its own: ${advice}`);
  }
  const clash = findRepeated(answered);
  if (clash === undefined) return;
  const isHelped = findRepeated(answeredColumns({ ...asked, probabilities: false }, manifest)) === undefined;
  const advice = isHelped ? 'leave probabilities out, or write JSON Lines' : 'write JSON Lines';
  throw new JobError('InvalidJob', `The model has ${describe(clash, manifest)}, as a column is called: ${advice}`);
}

function findRepeated(names: readonly string[]): string | undefined {
  return names.find((name, index) => names.indexOf(name) < index);
}

function describe(name: string, manifest: Manifest): string {
  return `a ${'targets' in manifest ? 'target or ' : ''}class ${JSON.stringify(name)}`;
}

/** What stands beside the columns that are kept. In JSON what has names has an object of its own. */
function answeredColumns({ outputFormat, probabilities }: Asked, manifest: Manifest): readonly string[] {
  const { outputs } = toShown(manifest, !probabilities);
  const { kind } = outputFormat;
  if (kind === 'jsonl') return ['error', ...outputs.map(({ field }) => field)];
  const toText = kind === 'csv' ? toClassCell : toName;
  return ['error', ...outputs.flatMap(({ columns }) => columns.map(({ name }) => toText(name)))];
}
