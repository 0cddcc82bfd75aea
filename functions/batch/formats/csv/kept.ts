import { append, appendText } from '../../../core/byte-buffer.ts';
import { toCell } from '../../../core/csv/cell.ts';
import { isQuoted, toFieldText } from '../../../core/csv/field-text.ts';
import { quote } from '../../../core/csv/grammar.ts';
import type { ScannedRecord } from '../../../core/csv/record-scan.ts';
import type { KeptColumn } from '../format.ts';
import type { KeptPosition } from './header.ts';

/** The fields of the kept columns, stored as positions in the bytes of the input. */
export interface KeptFields {
  readonly columns: readonly KeptColumn[];
  add(row: number, record: ScannedRecord): void;
}

/** Where the field of each row begins and ends, including its quotes; empty if a row has too few fields. */
interface Places {
  readonly position: number;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

/**
 * The texts of malformed records' fields, by row and by position. The fields cannot be copied as they are, because
 * their quotes would break the output.
 */
type Malformed = Map<number, ReadonlyMap<number, string>>;

/** Creates room for the fields of `rows` rows. */
export function createKeptFields(bytes: Buffer, kept: readonly KeptPosition[], rows: number): KeptFields {
  const places = kept.map(({ position }): Places => {
    return { position, starts: new Int32Array(rows), ends: new Int32Array(rows) };
  });
  const malformed: Malformed = new Map();
  return {
    columns: kept.map(({ name }, index) => toColumn(name, bytes, places[index] as Places, malformed)),
    add(row, record) {
      if (record.flaw) malformed.set(row, toTexts(bytes, record, places));
      for (const { position, starts, ends } of places) {
        if (position >= record.fields) continue;
        const start = record.starts[position] as number;
        const around = isQuoted(bytes, start) ? 1 : 0;
        starts[row] = start - around;
        ends[row] = (record.ends[position] as number) + around;
      }
    },
  };
}

function toTexts(bytes: Buffer, record: ScannedRecord, places: readonly Places[]): ReadonlyMap<number, string> {
  const { starts, ends, fields } = record;
  const there = places.filter(({ position }) => position < fields);
  return new Map(
    there.map(({ position }) => [position, toFieldText(bytes, starts[position] as number, ends[position] as number)]),
  );
}

function toColumn(name: string, bytes: Buffer, places: Places, malformed: Malformed): KeptColumn {
  const { position, starts, ends } = places;
  const toText = (row: number) => {
    const [start, end] = [starts[row] as number, ends[row] as number];
    const known = malformed.get(row);
    if (known) return known.get(position) ?? '';
    return bytes[start] === quote && end > start
      ? toFieldText(bytes, start + 1, end - 1)
      : bytes.toString('utf8', start, end);
  };
  return {
    name,
    text: toText,
    value: toText,
    copyField(row, target) {
      if (malformed.size > 0 && malformed.has(row)) appendText(target, toCell(toText(row)));
      else append(target, bytes, starts[row], ends[row]);
    },
  };
}
