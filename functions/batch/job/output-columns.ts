import type { Table } from '../../core/answer-writing.ts';
import { toClassCell } from '../../core/csv/class-cell.ts';
import type { ExplanationRecord } from '../../core/explain/records.ts';
import { withExplanations } from '../../core/explain/table.ts';
import { toName } from '../../core/model/classes.ts';
import type { Manifest } from '../../core/model/manifest.ts';
import { toShown } from '../../core/model/outputs.ts';
import type { JobRequest } from './job.ts';
import { JobError } from './job-error.ts';

type Asked = Pick<JobRequest, 'outputFormat' | 'probabilities' | 'explain'>;

/** The outputs that the job asks for, each with its columns in a table. */
export function answeredOutputs(
  manifest: Manifest,
  { probabilities, explain }: Pick<JobRequest, 'probabilities' | 'explain'>,
): Table['outputs'] {
  const { outputs } = toShown(manifest, !probabilities);
  return explain ? withExplanations(outputs, manifest) : outputs;
}

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
function answeredColumns(asked: Asked, manifest: Manifest): readonly string[] {
  const { kind } = asked.outputFormat;
  if (kind === 'jsonl') {
    const fields = toShown(manifest, !asked.probabilities).outputs.map(({ field }) => field);
    return ['error', ...fields, ...(asked.explain ? explanationMembers : [])];
  }
  const toText = kind === 'csv' ? toClassCell : toName;
  return [
    'error',
    ...answeredOutputs(manifest, asked).flatMap(({ columns }) => columns.map(({ name }) => toText(name))),
  ];
}

const explanationMembers: readonly (keyof ExplanationRecord)[] = [
  'base',
  'contributions',
  'standard_errors',
  'reasons',
];
