import type { Table } from '../../core/answer-writing.ts';
import { append, appendText, createByteBuffer } from '../../core/byte-buffer.ts';
import { createCellWriter, findRepeatedCell, toAnswerCells } from '../../core/csv/answer-writing.ts';
import { isHeader, isNumbered } from '../../core/csv/header.ts';
import { toInstances } from '../../core/csv/instances.ts';
import { noRows, parseRecords, type Records } from '../../core/csv/records.ts';
import { RequestError } from '../../core/errors.ts';
import { toTable } from '../../core/explain/table.ts';
import type { Instances } from '../../core/model/columns.ts';
import { findColumns } from '../../core/model/header.ts';
import type { Feature, Manifest } from '../../core/model/manifest.ts';
import type { Leniency } from '../../core/model/names.ts';
import { toText } from '../http/body.ts';
import type { Content } from '../http/content.ts';
import { findAccepted, parseMediaType } from '../http/media-type.ts';
import { parseIgnore } from './ignore.ts';
import { mlflowLeniency } from './mlflow-layouts.ts';
import type { Protocol } from './protocol.ts';

const mediaType = 'text/csv';

/**
 * CSV (RFC 4180). A header names the features in any order. The content type can say whether there is one, with
 * `header=present` or `header=absent`. If it does not, the first record decides (`isHeader`). Error pointers are
 * `/record/name`; record 0 is the header or, without one, the first row. Answers begin with a header unless Accept says
 * `header=absent`.
 */
export const csv = createCsv(({ query }, manifest) => parseIgnore(query, manifest), 'present');

/**
 * CSV as in MLflow and SageMaker: unknown columns are ignored, and the answer has no header unless Accept asks for one.
 */
export const mlflowCsv = createCsv(() => mlflowLeniency, 'absent');

type ToLeniency = (request: { readonly query?: string | undefined }, manifest: Manifest) => Leniency;

function createCsv(toLeniency: ToLeniency, headerByDefault: 'present' | 'absent'): Protocol {
  return {
    name: 'csv',
    mediaTypes: [mediaType],
    decode(request, manifest, limits) {
      const leniency = toLeniency(request, manifest);
      const { header } = parseMediaType(request.headers['content-type'] ?? '');
      checkHeader(header, 'UnsupportedMediaType');
      const records = parseRecords(toBytes(request.body), limits);
      return { instances: decodeRecords(records, header, manifest, leniency), options: undefined };
    },
    encode(predictions, manifest, _options, accept) {
      const header = findAccepted(accept, mediaType)?.header ?? headerByDefault;
      checkHeader(header, 'NotAcceptable');
      const table = toTable(predictions, manifest);
      if (header === 'present') refuseRepeated(table.outputs);
      return toContent(table, predictions.rows, header);
    },
  };
}

function checkHeader(header: string | undefined, error: 'UnsupportedMediaType' | 'NotAcceptable'): void {
  if (header === undefined || header === 'present' || header === 'absent') return;
  throw new RequestError(error, 'Expected the parameter header of text/csv to be present or absent');
}

/**
 * The Accept header with which the client gets this answer as CSV. If two columns would have the same name, it asks for
 * an answer without a header.
 */
export function toCsvAccept(outputs: Table['outputs']): string {
  return findRepeatedCell(outputs) === undefined ? mediaType : `${mediaType}; header=absent`;
}

function refuseRepeated(outputs: Table['outputs']): void {
  const repeated = findRepeatedCell(outputs);
  if (repeated === undefined) return;
  throw new RequestError(
    'NotAcceptable',
    `Two columns of the answer would be called ${repeated}: send the header accept: ${toCsvAccept(outputs)}, or ask for JSON`,
  );
}

/** Returns the body as UTF-8 bytes, whether it came as text or as bytes. */
function toBytes(body: string | Uint8Array): Buffer {
  const text = toText(body);
  if (typeof body === 'string') return Buffer.from(text);
  return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
}

function decodeRecords(
  records: Records,
  header: string | undefined,
  { features }: Manifest,
  leniency: Leniency,
): Instances {
  const { first, count } = records;
  if (!first) throw noRows('expected a header of feature names, and a record for each row');
  const hasHeader = header === undefined ? isHeader(first, count, features) : header === 'present';
  const positions = hasHeader ? toPositions(first, features, leniency) : features.map((_, column) => column);
  if (hasHeader && count === 1) throw noRows('expected a record for each row after the header');
  const width = hasHeader ? first.length : features.length;
  return toInstances(records, hasHeader, { positions, width }, features, leniency);
}

/** The column of each feature. pandas names unnamed columns 0, 1, 2 and so on; these count as positions. */
function toPositions(names: readonly string[], features: readonly Feature[], leniency: Leniency): readonly number[] {
  if (isNumbered(names, features)) return features.map((_, column) => column);
  return findColumns(names, features, '/0', (column) => `/0/${column}`, leniency);
}

/** Writes a line for each row, with a column for each value of its answer. */
function toContent(table: Table, rows: number, header: string): Content {
  const writeCells = createCellWriter(table);
  const target = createByteBuffer(bytesOfRow * (rows + 1));
  if (header === 'present') appendText(target, `${toAnswerCells(table.outputs).join()}${lineEnd}`);
  for (let row = 0; row < rows; row += 1) {
    writeCells(row, target);
    append(target, lineEnd);
  }
  const contentType = `${mediaType}; charset=utf-8; header=${header}`;
  const body = target.bytes.toString('utf8', 0, target.length);
  return { status: 200, headers: { 'content-type': contentType }, body };
}

const lineEnd = Buffer.from('\r\n');
/** Enough for three classes. The buffer grows if a row needs more. */
const bytesOfRow = 80;
