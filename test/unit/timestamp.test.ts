import { expect } from 'chai';
import fc from 'fast-check';
import {
  formatTime,
  isInCalendar,
  isLikeTime,
  parseTime,
  type Timezone,
} from '../../functions/core/model/timestamp.ts';
import { toTimeSchemas } from '../../functions/predict/openapi/times.ts';
import { manifestOf } from '../helpers/manifest.ts';
import { runs } from '../helpers/runs.ts';

const zones: readonly Timezone[] = [null, 'UTC'];
const pad = (value: number | bigint, width = 2) => String(value).padStart(width, '0');

/** Counts the days since 1970 year by year and month by month. */
function countDays(year: number, month: number, day: number): number {
  const isLeap = (one: number) => one % 400 === 0 || (one % 4 === 0 && one % 100 !== 0);
  let days = day - 1;
  for (let one = 1970; one < year; one += 1) days += isLeap(one) ? 366 : 365;
  for (let one = year; one < 1970; one += 1) days -= isLeap(one) ? 366 : 365;
  const months = [31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  return days + months.slice(0, month - 1).reduce((sum, length) => sum + length, 0);
}

const integer = (min: number, max: number) => fc.integer({ min, max });
/** The fields of a time. Some of these times do not exist in the calendar. */
const fields = fc.record({
  year: fc.oneof(integer(1685, 2254), integer(1680, 2260), integer(0, 9999)),
  month: fc.oneof({ weight: 9, arbitrary: integer(1, 12) }, { weight: 1, arbitrary: integer(0, 13) }),
  day: fc.oneof({ weight: 9, arbitrary: integer(1, 28) }, { weight: 3, arbitrary: integer(0, 32) }),
  hour: fc.oneof({ weight: 9, arbitrary: integer(0, 23) }, { weight: 1, arbitrary: integer(0, 25) }),
  minute: fc.oneof({ weight: 9, arbitrary: integer(0, 59) }, { weight: 1, arbitrary: integer(0, 61) }),
  second: fc.option(fc.oneof({ weight: 9, arbitrary: integer(0, 59) }, { weight: 1, arbitrary: integer(0, 61) })),
  micro: fc.option(integer(0, 999_999)),
  digits: integer(6, 9),
  between: fc.constantFrom('T', ' '),
});

/** Whether the time exists in JavaScript's calendar. */
function isReal({ year, month, day, hour, minute, second }: Fields): boolean {
  const date = new Date(Date.UTC(2000, month - 1, day, hour, minute, second ?? 0));
  date.setUTCFullYear(year, month - 1, day);
  const parts = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate(), date.getUTCHours()];
  const others = [date.getUTCMinutes(), date.getUTCSeconds()];
  return [...parts, ...others].join() === [year, month, day, hour, minute, second ?? 0].join();
}
type Fields = typeof fields extends fc.Arbitrary<infer T> ? T : never;

function toText({ year, month, day, hour, minute, second, micro, digits, between }: Fields): string {
  const fraction = second === null || micro === null ? '' : `.${pad(micro, 6).padEnd(digits, '0')}`;
  const clock = `${pad(hour)}:${pad(minute)}${second === null ? '' : `:${pad(second)}${fraction}`}`;
  return `${pad(year, 4)}-${pad(month)}-${pad(day)}${between}${clock}`;
}

/** The microseconds since 1970, computed with bigints. */
function toMicroseconds({ year, month, day, hour, minute, second, micro }: Fields): bigint {
  const seconds = BigInt(countDays(year, month, day)) * 86_400n + BigInt(hour * 3600 + minute * 60 + (second ?? 0));
  return seconds * 1_000_000n + BigInt(second === null ? 0 : (micro ?? 0));
}

describe('parseTime', () => {
  it('counts the microseconds of a local time exactly, and refuses times that do not exist', () => {
    fc.assert(
      fc.property(fields, (one) => {
        const time = parseTime(toText(one), null);
        if (isReal(one) && one.year >= 1685 && one.year <= 2254) expect(time).to.equal(Number(toMicroseconds(one)));
        else expect(time).to.be.a('string');
      }),
      runs(2000),
    );
  });

  it('moves a time with an offset to UTC', () => {
    const offset = fc.record({ sign: fc.constantFrom('+', '-'), hours: integer(0, 23), minutes: integer(0, 59) });
    const colon = fc.constantFrom(':', '');
    fc.assert(
      fc.property(fields, offset, colon, (one, { sign, hours, minutes }, between) => {
        fc.pre(isReal(one) && one.year >= 1685 && one.year <= 2254);
        const moved = BigInt(hours * 60 + minutes) * (sign === '+' ? -60_000_000n : 60_000_000n);
        const text = `${toText(one)}${sign}${pad(hours)}${between}${pad(minutes)}`;
        expect(parseTime(text, 'UTC')).to.equal(Number(toMicroseconds(one) + moved));
        expect(parseTime(`${toText(one)}Z`, 'UTC')).to.equal(Number(toMicroseconds(one)));
      }),
      runs(1000),
    );
  });

  it('agrees with Date on the times that Date reads', () => {
    const date = fc.date({
      min: new Date('1685-01-01'),
      max: new Date('2254-12-31T23:59:59.999Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(date, (one) => {
        expect(parseTime(one.toISOString(), 'UTC')).to.equal(one.getTime() * 1000);
        expect(parseTime(one.toISOString().slice(0, 10), null)).to.equal(
          Date.parse(one.toISOString().slice(0, 10)) * 1000,
        );
      }),
      runs(500),
    );
  });

  const taken: readonly [text: string, timezone: Timezone, microseconds: number][] = [
    ['1970-01-01', null, 0],
    ['1970-01-01T00:00:00.000001', null, 1],
    ['1969-12-31T23:59:59.999999', null, -1],
    ['2024-02-29 12:30', null, 1_709_209_800_000_000],
    // numpy writes nanoseconds like this, and pandas milliseconds.
    ['2024-05-01T12:30:15.123456000', null, 1_714_566_615_123_456],
    ['2024-05-01T12:30:00.000', null, 1_714_566_600_000_000],
    ['2024-05-01T12:30:00.5', null, 1_714_566_600_500_000],
    ['1685-01-01T00:00+23:59', 'UTC', -8_993_635_200_000_000 - 86_340_000_000],
    ['2254-12-31T23:59:59.999999-23:59', 'UTC', 8_993_721_599_999_999 + 86_340_000_000],
    // PostgreSQL writes a time with its zone like this.
    ['2024-05-01 14:30:00+02', 'UTC', 1_714_566_600_000_000],
  ];
  for (const [text, timezone, microseconds] of taken) {
    it(`accepts ${text}`, () => {
      expect(parseTime(text, timezone)).to.equal(microseconds);
    });
  }

  const form = 'expected a time in ISO 8601, such as 2024-05-01T12:30:00, got another string';
  const noDate = 'expected a date of the calendar, got one that does not exist';
  const noClock = 'expected a time of day from 00:00:00 to 23:59:59';
  const finer = 'expected microseconds, got a finer fraction of a second';
  const beyond = 'expected a time from 1685-01-01 to 2254-12-31';
  const hasOffset = 'expected a local time, such as 2024-05-01T12:30:00, got one with an offset from UTC';
  const noOffset = 'expected a time with its offset from UTC, such as 2024-05-01T12:30:00Z, got one without';
  const refused: readonly [text: string, timezone: Timezone, problem: string][] = [
    ['', null, form],
    ['yesterday', null, form],
    ['01.05.2024', null, form],
    ['2024-5-1', null, form],
    ['20240501T123000', null, form],
    ['2024-05-01T12', null, form],
    ['2024-05-01T12:30.5', null, form],
    ['2024-05-01t12:30', null, form],
    ['2024-05-01T12:30:00.', null, form],
    [' 2024-05-01', null, form],
    ['2024-05-01\n', null, form],
    ['+002024-05-01', null, form],
    ['٢٠٢٤-05-01', null, form],
    ['1714566600', null, form],
    ['2023-02-29', null, noDate],
    ['2100-02-29', null, noDate],
    ['2024-04-31', null, noDate],
    ['2024-00-01', null, noDate],
    ['2024-13-01', null, noDate],
    ['2024-05-00', null, noDate],
    ['2024-05-01T24:00', null, noClock],
    ['2024-05-01T23:60', null, noClock],
    ['2016-12-31T23:59:60', null, noClock],
    ['2024-05-01T12:30:00.0000001', null, finer],
    ['1684-12-31', null, beyond],
    ['2255-01-01', null, beyond],
    ['2024-05-01T12:30Z', null, hasOffset],
    ['2024-05-01T12:30+02:00', null, hasOffset],
    ['2024-05-01T12:30', 'UTC', noOffset],
    ['2024-05-01', 'UTC', noOffset],
    ['2024-05-01Z', 'UTC', form.replace(':00,', ':00Z,')],
    ['2024-05-01T12:30+24:00', 'UTC', 'expected an offset from UTC of less than a day'],
    ['2024-05-01T12:30+02:60', 'UTC', 'expected an offset from UTC of less than a day'],
    ['1684-12-31T23:59-00:01', 'UTC', beyond],
  ];
  for (const [text, timezone, problem] of refused) {
    it(`refuses ${JSON.stringify(text)} ${timezone ? 'in UTC' : 'as a local time'}`, () => {
      expect(parseTime(text, timezone)).to.equal(problem);
    });
  }
});

describe('isLikeTime', () => {
  it('recognises times in UTC and local times, but no names and numbers', () => {
    for (const text of ['2024-05-01', '2024-05-01T12:30Z', '2023-02-30']) expect(isLikeTime(text), text).to.equal(true);
    for (const text of ['created', '2024', '1714566600', '']) expect(isLikeTime(text), text).to.equal(false);
  });
});

describe('isInCalendar', () => {
  it('takes the microseconds of all years in range, and no others', () => {
    const [first, last] = [-8_993_635_200_000_000, 8_993_721_599_999_999];
    for (const [microseconds, isIn] of [
      [first - 1, false],
      [first, true],
      [last, true],
      [last + 1, false],
    ] as const) {
      expect(isInCalendar(microseconds), String(microseconds)).to.equal(isIn);
    }
  });
});

describe('formatTime', () => {
  it('writes times that parseTime reads back', () => {
    const time = integer(-8_993_635_200_000_000, 8_993_721_599_999_999);
    fc.assert(
      fc.property(time, fc.constantFrom(...zones), (microseconds, timezone) => {
        expect(isInCalendar(microseconds)).to.equal(true);
        expect(parseTime(formatTime(microseconds, timezone), timezone)).to.equal(microseconds);
      }),
      runs(1000),
    );
  });

  it('writes a fraction of a second only if there is one', () => {
    expect(formatTime(1_714_566_600_000_000, null)).to.equal('2024-05-01T12:30:00');
    expect(formatTime(1_714_566_600_000_001, 'UTC')).to.equal('2024-05-01T12:30:00.000001Z');
    expect(formatTime(-1, null)).to.equal('1969-12-31T23:59:59.999999');
    // A decile can lie between two whole microseconds.
    expect(formatTime(0.5, null)).to.equal('1970-01-01T00:00:00.000001');
  });
});

describe('the patterns of times', () => {
  const manifest = manifestOf([
    { name: 'local', dtype: 'timestamp' },
    { name: 'utc', dtype: 'timestamp', timezone: 'UTC' },
  ]);
  const { LocalTime, UtcTime } = toTimeSchemas(manifest) as Record<string, { pattern: string; examples: string[] }>;
  const patterns = new Map<Timezone, RegExp>([
    [null, new RegExp(LocalTime?.pattern ?? '', 'u')],
    ['UTC', new RegExp(UtcTime?.pattern ?? '', 'u')],
  ]);
  const isTaken = (text: string, timezone: Timezone) => typeof parseTime(text, timezone) === 'number';

  it('match exactly the texts that are accepted', () => {
    const suffix = fc.constantFrom('', '', 'Z', '+02:00', '-0330', '+05', '+24:00', '+02:60', 'z', ' ');
    const text = fc.oneof(
      fc.tuple(fields, suffix).map(([one, end]) => toText(one) + end),
      fields.map((one) => toText(one).slice(0, 10)),
      fc.tuple(fields, fc.nat(19), fc.string({ maxLength: 2 })).map(([one, at, some]) => {
        const whole = toText(one);
        return whole.slice(0, at) + some + whole.slice(at + 1);
      }),
    );
    fc.assert(
      fc.property(text, fc.constantFrom(...zones), (one, timezone) => {
        expect(patterns.get(timezone)?.test(one), one).to.equal(isTaken(one, timezone));
      }),
      runs(3000),
    );
  });

  it('know the leap years', () => {
    for (let year = 1680; year < 2260; year += 1) {
      for (const text of [`${year}-02-28`, `${year}-02-29`]) {
        expect(patterns.get(null)?.test(text), text).to.equal(isTaken(text, null));
      }
    }
  });

  it('have examples that are accepted', () => {
    for (const text of LocalTime?.examples ?? []) expect(isTaken(text, null), text).to.equal(true);
    for (const text of UtcTime?.examples ?? []) expect(isTaken(text, 'UTC'), text).to.equal(true);
  });
});
