import { maxRecordBytes } from '../../../core/csv/grammar.ts';
import { countRecords, createRecordCounter, endRecords } from '../../../core/csv/record-counter.ts';
import type { Slice } from '../../job/job.ts';
import type { Cut, Input, Reading } from '../format.ts';
import { neverClosed, tooLong } from './broken.ts';
import { findKept, readHeader, toLayout } from './header.ts';

/**
 * Checks the header, and cuts the input between records in one pass over all bytes. Throws InvalidInput, or InvalidJob
 * for a column that cannot be kept.
 */
export async function cut(input: Input, reading: Reading, sliceBytes: number): Promise<Cut> {
  const header = await readHeader(input, reading);
  toLayout(header, reading.manifest.features);
  const kept = findKept(header, reading.keep).map(({ name }) => name);
  return { headerBytes: header.bytes, kept, slices: await cutRows(input, header.bytes, sliceBytes) };
}

async function cutRows({ store, source }: Input, headerBytes: number, sliceBytes: number): Promise<readonly Slice[]> {
  const slices: Slice[] = [];
  let [row, start] = [0, 0];
  const checkLength = (recordStart: number, end: number, record: number) => {
    if (end - recordStart > maxRecordBytes) throw tooLong(source.location, record);
  };
  const counter = createRecordCounter((recordStart, end) => {
    checkLength(recordStart, end, counter.records - 1);
    if (end - start >= sliceBytes) add(end);
  });
  function add(end: number): void {
    if (end === start) return;
    const slice = { part: slices.length, start: headerBytes + start, end: headerBytes + end, row };
    slices.push({ ...slice, rows: counter.records - row });
    start = end;
    row = counter.records;
  }

  for await (const block of store.read(source, headerBytes, source.size)) {
    countRecords(block, counter);
    checkLength(counter.recordStart, counter.position, counter.records);
  }
  if (counter.isQuoted) throw neverClosed(source.location, counter.records);
  endRecords(counter);
  if (counter.records > row) add(counter.position);
  return slices;
}
