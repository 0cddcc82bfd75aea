import { toClassCell } from '../core/csv/class-cell.ts';
import { toName } from '../core/model/classes.ts';
import type { Manifest } from '../core/model/manifest.ts';
import { toShown } from '../core/model/outputs.ts';
import type { JobRequest } from './job.ts';
import { JobError } from './job-error.ts';

type Asked = Pick<JobRequest, 'outputFormat' | 'probabilities'>;

/** Throws InvalidJob if two columns of the output would have the same name. */
export function checkColumns(kept: readonly string[], asked: Asked, manifest: Manifest): void {
  const repeated = findRepeated(kept);
  if (repeated !== undefined) throw new JobError('InvalidJob', `keep names ${JSON.stringify(repeated)} more than once`);
  const answered = answeredColumns(asked, manifest);
  const taken = kept.find((name) => answered.includes(name));
  if (taken !== undefined) {
    const advice = 'do not keep this one, or rename it in the input';
    throw new JobError('InvalidJob', `The prediction already has a column ${JSON.stringify(taken)}: ${advice}`);
  }
  const clash = findRepeated(answered);
  if (clash === undefined) return;
  const isHelped = findRepeated(answeredColumns({ ...asked, probabilities: false }, manifest)) === undefined;
  const advice = isHelped ? 'leave probabilities out, or write JSON Lines' : 'write JSON Lines';
  throw new JobError(
    'InvalidJob',
    `The model has ${describe(clash, manifest)}, which is also the name of another column: ${advice}`,
  );
}

function findRepeated(names: readonly string[]): string | undefined {
  return names.find((name, index) => names.indexOf(name) < index);
}

function describe(name: string, manifest: Manifest): string {
  return `a ${'targets' in manifest ? 'target or ' : ''}class ${JSON.stringify(name)}`;
}

/**
 * The output's columns besides the kept ones. In JSON, values with names are nested in an object, so only the field's
 * name counts.
 */
function answeredColumns({ outputFormat, probabilities }: Asked, manifest: Manifest): readonly string[] {
  const { outputs } = toShown(manifest, !probabilities);
  const { kind } = outputFormat;
  if (kind === 'jsonl') return ['error', ...outputs.map(({ field }) => field)];
  const toText = kind === 'csv' ? toClassCell : toName;
  return ['error', ...outputs.flatMap(({ columns }) => columns.map(({ name }) => toText(name)))];
}
