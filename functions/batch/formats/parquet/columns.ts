import type { Feature, Manifest } from '../../../core/model/manifest.ts';
import { JobError } from '../../job-error.ts';
import { findKeptPositions, problemsWithNames, refuseColumns } from '../column-names.ts';
import type { Reading } from '../format.ts';
import { problemWithType, typeOf } from './column-type.ts';
import type { TableColumn } from './footer.ts';
import { problemWithZone } from './times.ts';

/**
 * The column of each feature, in the model's order. Throws InvalidInput that names those which are missing, stand there more
 * than once, or are of a type that has no value of the feature.
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
 * The columns that go to the output, in their order there. Throws InvalidJob where one is not there, there more than once, or
 * cannot be kept.
 */
export function findKept(columns: readonly TableColumn[], keep: Reading['keep']): readonly TableColumn[] {
  const names = columns.map(({ name }) => name);
  return findKeptPositions(names, keep).map((position) => checkKept(columns[position] as TableColumn));
}

function checkKept(column: TableColumn): TableColumn {
  const name = JSON.stringify(column.name);
  const advice = 'name the columns to keep without it, or write it otherwise';
  if (column.chunk < 0) {
    throw new JobError('InvalidJob', `The column ${name} holds lists or records and cannot be kept: ${advice}`);
  }
  if (column.element.type === 'INT96') {
    throw new JobError('InvalidJob', `The column ${name} holds timestamps of 96 bits and cannot be kept: ${advice}`);
  }
  return column;
}
