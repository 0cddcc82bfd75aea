import type { Instances, PointerOf } from '../model/columns.ts';
import type { Feature } from '../model/manifest.ts';
import type { Leniency } from '../model/names.ts';
import { toPointerStep } from '../pointer.ts';
import { toValue } from './field.ts';
import { createRecord, scanRecord } from './record-scan.ts';
import { type Records, toTexts } from './records.ts';
import { createRecordWriter, type Layout } from './row-reading.ts';

/** Below this number of rows, remembering the values of a column costs more than it saves. */
const fewRows = 32;

/**
 * The rows of a request's CSV, without the header if there is one. Error pointers are `/record/name`. Records count
 * from 0, and the header, if there is one, is record 0.
 */
export function toInstances(
  records: Records,
  hasHeader: boolean,
  layout: Layout,
  features: readonly Feature[],
  leniency: Leniency,
): Instances {
  const { bytes } = records;
  const skipped = hasHeader ? 1 : 0;
  const count = records.count - skipped;
  const from = hasHeader ? records.end : records.start;
  const pointerOf: PointerOf = (row, key) => {
    const name = typeof key === 'number' ? features[key]?.name : key;
    return `/${row + skipped}${toPointerStep(name)}`;
  };
  return {
    count,
    get rows() {
      return toRows(bytes, from, count, layout, features);
    },
    pointerOf,
    leniency,
    write(writer, report) {
      const write = createRecordWriter(layout, writer.columns, count >= fewRows);
      const record = createRecord(layout.width);
      let row = 0;
      const reportHere = (detail: string, key?: string | number) => report(row, detail, key);
      for (let at = from; row < count; row += 1) {
        at = scanRecord(bytes, at, bytes.length, record);
        write(bytes, record, row, writer, reportHere);
      }
    },
  };
}

function toRows(
  bytes: Buffer,
  from: number,
  count: number,
  layout: Layout,
  features: readonly Feature[],
): readonly unknown[] {
  let at = from;
  return Array.from({ length: count }, () => {
    const record = createRecord(layout.width);
    at = scanRecord(bytes, at, bytes.length, record);
    return toRow(toTexts(bytes, record), layout, features);
  });
}

function toRow(fields: readonly string[], { positions }: Layout, features: readonly Feature[]): readonly unknown[] {
  return features.map((feature, index) => toValue(fields[positions[index] as number] ?? '', feature));
}
