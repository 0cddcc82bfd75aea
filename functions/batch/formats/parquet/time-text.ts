import type { SchemaElement } from 'hyparquet';

/** Units per second. */
const steps: Readonly<Record<string, bigint>> = { MILLIS: 1000n, MICROS: 1_000_000n, NANOS: 1_000_000_000n };
const secondsOfDay = 86_400n;

/**
 * Creates a formatter of stored times in ISO 8601, with as many digits of a second as needed: `2024-05-01`, `08:30:00`,
 * `2024-05-01T08:30:00.25Z`. Undefined for a column of other values.
 */
export function createTimeText(element: SchemaElement): ((stored: unknown) => string) | undefined {
  const { kind, unit, isUtc } = toClock(element);
  if (kind === 'DATE') return (stored) => toDate(BigInt(stored as number));
  const second = unit && steps[unit];
  if (!second) return undefined;
  const zone = isUtc ? 'Z' : '';
  if (kind === 'TIME') return (stored) => toTime(BigInt(stored as number | bigint), second);
  return (stored) => {
    const day = secondsOfDay * second;
    const count = BigInt(stored as bigint);
    const past = ((count % day) + day) % day;
    return `${toDate((count - past) / day)}T${toTime(past, second)}${zone}`;
  };
}

/**
 * The kind, unit and zone of a column's times. Newer files store them in the logical type; the older converted types
 * mean UTC.
 */
export function toClock({ converted_type, logical_type: logical }: SchemaElement) {
  if (logical?.type === 'TIMESTAMP' || logical?.type === 'TIME') {
    return { kind: logical.type, unit: logical.unit, isUtc: logical.isAdjustedToUTC };
  }
  const [kind, unit] = (logical?.type ?? converted_type ?? '').split('_');
  return { kind, unit, isUtc: true };
}

/** Formats days since 1970. Days beyond the range of Date are written as a duration, such as `P200000000D`. */
function toDate(days: bigint): string {
  const date = new Date(Number(days) * 86_400_000);
  return Number.isNaN(date.getTime()) ? `P${days}D` : date.toISOString().slice(0, -'T00:00:00.000Z'.length);
}

function toTime(count: bigint, second: bigint): string {
  const seconds = Number(count / second);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const clock = parts.map((part) => String(part).padStart(2, '0')).join(':');
  const digits = String(second).length - 1;
  const fraction = String(count % second)
    .padStart(digits, '0')
    .replace(/0+$/, '');
  return fraction === '' ? clock : `${clock}.${fraction}`;
}
