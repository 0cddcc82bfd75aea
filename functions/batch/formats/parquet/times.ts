import type { SchemaElement } from 'hyparquet';
import { type Column, type FeedWriter, writeValue } from '../../../core/model/column.ts';
import { isInCalendar, outOfCalendar, type Timezone, tooFine } from '../../../core/model/timestamp.ts';
import { typeOf } from './column-type.ts';
import type { Convert } from './cursor.ts';
import type { WriteColumn } from './feature-columns.ts';
import { toNumbers } from './numbers.ts';
import { toClock } from './time-text.ts';

const advice = {
  utc: 'write the local times, in pandas those of .dt.tz_convert(zone).dt.tz_localize(None)',
  local: 'write it in UTC, in pandas as pd.to_datetime(column, utc=True)',
  int96: 'write it with 64 bits, in Spark by spark.sql.parquet.outputTimestampType=TIMESTAMP_MICROS',
};

/**
 * Says why the zone of a column of times does not fit a feature; undefined if it does. Texts are checked one by one
 * later.
 */
export function problemWithZone(name: string, element: SchemaElement, timezone: Timezone): string | undefined {
  if (!isStoredTimes(element)) return undefined;
  const expected = `${JSON.stringify(name)}: expected ${timezone === 'UTC' ? 'times in UTC' : 'local times'}`;
  if (element.type === 'INT96') {
    return `${expected}, got a column of 96-bit timestamps, which have no time zone: ${advice.int96}`;
  }
  const { kind, isUtc } = toClock(element);
  if (kind === 'DATE') return timezone === 'UTC' ? `${expected}, got a column of dates: ${advice.local}` : undefined;
  if (isUtc === (timezone === 'UTC')) return undefined;
  return isUtc
    ? `${expected}, got a column of times in UTC: ${advice.utc}`
    : `${expected}, got a column of local times: ${advice.local}`;
}

/** Whether a column stores times as numbers. */
export function isStoredTimes(element: SchemaElement): boolean {
  const type = typeOf(element);
  return type === 'timestamps' || type === 'dates';
}

const microsecondsOfDay = 86_400_000_000;

/** Creates the conversion of stored times to microseconds since 1970; NaN for a time between two microseconds. */
export function toTimes(element: SchemaElement): Convert {
  const { kind, unit } = toClock(element);
  if (unit === 'NANOS') return (stored) => fromNanoseconds(stored as BigInt64Array);
  const scale = kind === 'DATE' ? microsecondsOfDay : unit === 'MILLIS' ? 1000 : 1;
  const convert = toNumbers(element);
  return scale === 1 ? convert : (stored) => (convert(stored) as Float64Array).map((count) => count * scale);
}

/** Converts by 32-bit halves, like other integers. 2^32 nanoseconds are 4,294,967 microseconds and 296 nanoseconds. */
function fromNanoseconds({ buffer, byteOffset, length }: BigInt64Array): Float64Array {
  const halves = new Int32Array(buffer, byteOffset, 2 * length);
  const times = new Float64Array(length);
  for (let index = 0; index < length; index += 1) {
    const [low, high] = [(halves[2 * index] as number) >>> 0, halves[2 * index + 1] as number];
    const rest = high * 296 + low;
    times[index] = rest % 1000 === 0 ? high * 4_294_967 + rest / 1000 : Number.NaN;
  }
  return times;
}

/** Creates a writer of the times that `toTimes` returns. */
export function createTimeWriter(column: Column): WriteColumn {
  return (values, writer, report) => {
    for (let row = 0; row < values.length; row += 1) {
      const problem = writeStored(values[row] as number | undefined, row, column, writer);
      if (problem !== undefined) report(row, problem);
    }
  };
}

/** A missing time gives the same message as a null in any other format. */
function writeStored(time: number | undefined, row: number, column: Column, writer: FeedWriter): string | undefined {
  if (time === undefined) return writeValue(null, row, column, writer);
  if (!isInCalendar(time)) return Number.isNaN(time) ? tooFine : outOfCalendar;
  (writer.data[column.input] as Float64Array)[column.offset + row * column.stride] = time;
  return undefined;
}
