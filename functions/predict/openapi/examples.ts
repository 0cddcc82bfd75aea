import type { Manifest } from '../../core/model/manifest.ts';
import { predictMethods } from '../protocols/mlflow.ts';
import { datatypeOf, hasTensorEach, toTensorTypes } from '../protocols/open-inference/datatype.ts';
import type { Examples } from './document.ts';

/** Ways to send the rows of the model's first example to /predict. */
export function toPredictExamples(manifest: Manifest): Examples {
  const { rows, records } = toExampleRows(manifest);
  const isWrapped = manifest.features.every(({ name }) => name !== 'instances');
  return {
    row: { summary: 'One row as an array', value: rows[0] },
    record: { summary: 'One row as an object', value: records[0] },
    rows: { summary: 'Several rows as arrays', value: rows },
    records: { summary: 'Several rows as objects', value: records },
    ...(isWrapped && { instances: { summary: 'Several rows in an object', value: { instances: rows } } }),
  };
}

/** The layouts that MLflow's scoring server reads. */
export function toMlflowExamples(manifest: Manifest): Examples {
  const { rows, records } = toExampleRows(manifest);
  const columns = manifest.features.map(({ name }) => name);
  const byColumn = Object.fromEntries(columns.map((name, column) => [name, rows.map((row) => row[column])]));
  const probabilities = { instances: rows, params: { predict_method: 'predict_proba' } };
  return {
    dataframe_split: { value: { dataframe_split: { columns, data: rows } } },
    dataframe_records: { value: { dataframe_records: records } },
    instances: { value: { instances: rows } },
    inputs: { summary: 'A list for each column', value: { inputs: byColumn } },
    ...(predictMethods(manifest).includes('predict_proba') && {
      predict_proba: { summary: 'Probabilities instead of labels', value: probabilities },
    }),
  };
}

/** One tensor for each feature, or one for all of them. */
export function toInferExamples(manifest: Manifest): Examples {
  const { rows } = toExampleRows(manifest);
  const tensors = toTensorTypes(manifest).map(({ name, dtype, width }, index) => {
    const data = hasTensorEach(manifest) ? rows.map((row) => row[index]) : rows.flat().map(toElement);
    return { name, shape: [rows.length, width], datatype: datatypeOf[dtype], data };
  });
  return { tensors: { summary: 'All outputs', value: { id: 'example', inputs: tensors } } };
}

/** Converts true and false to 1 and 0, because all elements of a tensor have one type. */
function toElement(value: unknown): unknown {
  return typeof value === 'boolean' ? Number(value) : value;
}

/** The rows of the first example as CSV (RFC 4180) with a header. */
export function toCsvExamples(manifest: Manifest): Examples {
  const { rows } = toExampleRows(manifest);
  const lines = [manifest.features.map(({ name }) => name), ...rows].map(toLine);
  return { csv: { summary: 'With a header', value: `${lines.join('\n')}\n` } };
}

/** Writes a single empty field as `""`, because an empty line is no record. */
function toLine(fields: readonly unknown[]): string {
  return fields.map(toField).join(',') || '""';
}

function toField(value: unknown): string {
  const text = String(value ?? '');
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The rows of the first example, by position and by name. */
function toExampleRows({ features, examples: [example] }: Manifest) {
  const rows = example?.instances ?? [];
  const records = rows.map((row) => Object.fromEntries(features.map(({ name }, column) => [name, row[column]])));
  return { rows, records };
}
