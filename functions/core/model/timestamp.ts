import { kindOf } from './value.ts';

/** The time zone of a feature's timestamps; null for local times without a zone. */
export type Timezone = null | 'UTC';

/**
 * The first and last year in which a float64 can hold every microsecond since 1970. The check looks at the date as
 * written. An offset can move the time a day beyond this range, where float64 is still exact.
 */
const [firstYear, lastYear] = [1685, 2254];

/** The error for a time out of range. */
export const outOfCalendar = `expected a time from ${firstYear}-01-01 to ${lastYear}-12-31`;

const earliest = Date.UTC(firstYear, 0, 1) * 1000;
const end = Date.UTC(lastYear + 1, 0, 1) * 1000;

/** Whether a time, in microseconds since 1970, is in range. */
export function isInCalendar(microseconds: number): boolean {
  return microseconds >= earliest && microseconds < end;
}

/**
 * A date, or a date and a time of day. Each part has a fixed position, so its digits are read without creating
 * substrings.
 */
const form = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d(?::?\d\d)?)?)?$/;
const lengthOfDate = '2024-05-01'.length;

/**
 * Reads a time in ISO 8601 as microseconds since 1970-01-01T00:00 in the feature's zone. Returns an error message if it
 * is not one. The message never quotes the text, because errors are logged.
 */
export function parseTime(text: string, timezone: Timezone): number | string {
  if (!form.test(text)) return `expected ${describeTime(timezone)}, got another string`;
  const end = endOfClock(text);
  const hasOffset = end < text.length;
  if (hasOffset !== (timezone === 'UTC')) return problemWithOffset(timezone);
  const date = toDate(digits(text, 0, 4), digits(text, 5, 7), digits(text, 8, 10));
  if (typeof date === 'string' || text.length === lengthOfDate) return date;
  const clock = toClock(text, end);
  if (typeof clock === 'string') return clock;
  const shift = hasOffset ? toShift(text, end) : 0;
  return typeof shift === 'string' ? shift : date + clock + shift;
}

/** The position where the offset from UTC begins; the text's length if there is none. */
function endOfClock(text: string): number {
  let end = Math.min('2024-05-01T12:30'.length, text.length);
  // Skips digits, points and colons. An offset begins with another character.
  while (end < text.length && (isDigit(text, end) || text[end] === '.' || text[end] === ':')) end += 1;
  return end;
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 0x30 && code <= 0x39;
}

/** Reads the digits from `start` to `end` - 1 as a number. */
function digits(text: string, start: number, end: number): number {
  let number = 0;
  for (let at = start; at < end; at += 1) number = 10 * number + text.charCodeAt(at) - 0x30;
  return number;
}

/** `toDate`, `toClock`, `toFraction` and `toShift` return their part in microseconds, or an error message. */
function toDate(year: number, month: number, day: number): number | string {
  const isDate = month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
  if (!isDate) return 'expected a date of the calendar, got one that does not exist';
  return year < firstYear || year > lastYear ? outOfCalendar : Date.UTC(year, month - 1, day) * 1000;
}

function toClock(text: string, end: number): number | string {
  const [hour, minute, second] = [digits(text, 11, 13), digits(text, 14, 16), end > 16 ? digits(text, 17, 19) : 0];
  if (hour > 23 || minute > 59 || second > 59) return 'expected a time of day from 00:00:00 to 23:59:59';
  const whole = (hour * 3600 + minute * 60 + second) * 1_000_000;
  if (end < 20) return whole;
  const fraction = toFraction(text.slice(20, end));
  return typeof fraction === 'string' ? fraction : whole + fraction;
}

/** The error for a time that falls between two microseconds. */
export const tooFine = 'expected microseconds, got a finer fraction of a second';

function toFraction(text: string): number | string {
  return /^\d{0,6}0*$/.test(text) ? Number(text.slice(0, 6).padEnd(6, '0')) : tooFine;
}

/** The microseconds to add to a local time with this offset to get UTC. */
function toShift(text: string, start: number): number | string {
  const { length } = text;
  if (text[start] === 'Z') return 0;
  const hours = digits(text, start + 1, start + 3);
  const minutes = length > start + 3 ? digits(text, length - 2, length) : 0;
  if (hours > 23 || minutes > 59) return 'expected an offset from UTC of less than a day';
  return (hours * 60 + minutes) * 60_000_000 * (text[start] === '-' ? 1 : -1);
}

function daysIn(year: number, month: number): number {
  if (month !== 2) return [4, 6, 9, 11].includes(month) ? 30 : 31;
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
}

/** Like `parseTime`, for a value of any type. */
export function readTime(value: unknown, timezone: Timezone): number | string {
  if (typeof value === 'string') return parseTime(value, timezone);
  return `expected ${describeTime(timezone)}, got ${kindOf(value)}`;
}

/**
 * Whether a text has the form of a time, even if not the one that the feature takes (for example an offset that the
 * feature does not allow).
 */
export function isLikeTime(text: string): boolean {
  return form.test(text);
}

/** Describes the expected form, with an example. */
function describeTime(timezone: Timezone): string {
  return `a time in ISO 8601, such as ${exampleOf(timezone)}`;
}

function exampleOf(timezone: Timezone): string {
  return timezone === 'UTC' ? '2024-05-01T12:30:00Z' : '2024-05-01T12:30:00';
}

function problemWithOffset(timezone: Timezone): string {
  return timezone === 'UTC'
    ? `expected a time with its offset from UTC, such as ${exampleOf(timezone)}, got one without`
    : `expected a local time, such as ${exampleOf(timezone)}, got one with an offset from UTC`;
}

/** The inverse of `parseTime`: `2024-05-01T12:30:00`, with a fraction if there is one, and with a Z for UTC. */
export function formatTime(microseconds: number, timezone: Timezone): string {
  const whole = Math.round(microseconds);
  const seconds = Math.floor(whole / 1_000_000);
  const fraction = whole - seconds * 1_000_000;
  const text = new Date(seconds * 1000).toISOString().slice(0, '2024-05-01T12:30:00'.length);
  return `${text}${fraction > 0 ? `.${String(fraction).padStart(6, '0')}` : ''}${timezone === 'UTC' ? 'Z' : ''}`;
}
