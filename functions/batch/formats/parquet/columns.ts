import type { Feature, Manifest } from '../../../core/model/manifest.ts';
import { JobError } from '../../job/job-error.ts';
import { findKeptPositions, problemsWithNames, refuseColumns } from '../column-names.ts';
import type { Reading } from '../format.ts';
import { problemWithType, typeOf } from './column-type.ts';
import type { TableColumn } from './footer.ts';
import { problemWithZone } from './times.ts';

/**
 * Finds the column of each feature, in the model's order. Throws InvalidInput that names the columns that are missing,
 * occur more than once, or have a type that does not fit their feature.
 */
export function findFeatures(columns: readonly TableColumn[], { features }: Manifest): readonly TableColumn[] {
  const problems = problemsWithNames(
    columns.map(({ name }) => name),
    features,
  );
  const found = features.flatMap((feature) => {
    const column = columns.find(({ name }) => name === feature.name);
    if (!column) return [];
    const problem = problemWithColumn(column, feature);
    if (problem) problems.push(problem);
    return column;
  });
  refuseColumns(problems);
  return found;
}

function problemWithColumn({ name, chunk, element }: TableColumn, feature: Feature): string | undefined {
  if (chunk < 0) return problemWithNested(name);
  const problem = problemWithType(name, typeOf(element), feature.dtype);
  return problem || feature.dtype !== 'timestamp' ? problem : problemWithZone(name, element, feature.timezone);
}

function problemWithNested(name: string): string {
  return `${JSON.stringify(name)}: expected one value a row, got a column of lists or records`;
}

/**
 * Finds the columns to keep, in the output's order. Throws InvalidJob for one that is missing, occurs more than once,
 * or has a type that cannot be copied.
 */
export function findKept(columns: readonly TableColumn[], keep: Reading['keep']): readonly TableColumn[] {
  const names = columns.map(({ name }) => name);
  return findKeptPositions(names, keep).map((position) => checkKept(columns[position] as TableColumn));
}

function checkKept(column: TableColumn): TableColumn {
  const name = JSON.stringify(column.name);
  const advice = 'leave it out of the columns to keep, or convert it in the input';
  if (column.chunk < 0) {
    throw new JobError('InvalidJob', `The column ${name} holds lists or records and cannot be kept: ${advice}`);
  }
  if (column.element.type === 'INT96') {
    throw new JobError('InvalidJob', `The column ${name} holds timestamps of 96 bits and cannot be kept: ${advice}`);
  }
  return column;
}
