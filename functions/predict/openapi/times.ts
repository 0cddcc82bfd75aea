import type { Feature, Manifest } from '../../core/model/manifest.ts';
import type { Timezone } from '../../core/model/timestamp.ts';
import { anyOf, ref } from './builders.ts';
import type { Schema } from './document.ts';

// Digits are written as [0-9], because \d in Python matches the digits of all scripts.
const year = '(?:168[5-9]|169[0-9]|1[7-9][0-9]{2}|2[01][0-9]{2}|22[0-4][0-9]|225[0-4])';
const leapYear =
  '(?:16(?:88|9[26])|(?:1[7-9]|21)(?:0[48]|[2468][048]|[13579][26])|20(?:[02468][048]|[13579][26])|22(?:0[48]|[24][048]|[13][26]|52))';
const days =
  '(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))';
const date = `(?:${year}-${days}|${leapYear}-02-29)`;
const clock = '[T ](?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:[.][0-9]{1,6}0*)?)?';
const offset = '(?:Z|[+-](?:[01][0-9]|2[0-3])(?::?[0-5][0-9])?)';

/**
 * Accepts exactly what `parseTime` accepts. JSON Schema's format date-time would not do: it requires an offset, and
 * refuses a date alone and a time without seconds.
 */
const localTime: Schema = {
  type: 'string',
  pattern: `^${date}(?:${clock})?$`,
  description:
    'A local time in ISO 8601 without an offset, from 1685 to 2254, to the microsecond. A date alone means midnight.',
  examples: ['2024-05-01T12:30:00', '2024-05-01 12:30', '2024-05-01', '2024-05-01T12:30:15.123456'],
};

const utcTime: Schema = {
  type: 'string',
  pattern: `^${date}${clock}${offset}$`,
  description: 'A time in ISO 8601 with its offset from UTC, from 1685 to 2254, to the microsecond.',
  examples: ['2024-05-01T12:30:00Z', '2024-05-01 14:30+02:00', '2024-05-01T12:30:15.123456Z'],
};

type TimeFeature = Extract<Feature, { dtype: 'timestamp' }>;

function nameOf(timezone: Timezone): string {
  return timezone === 'UTC' ? 'UtcTime' : 'LocalTime';
}

/** The schemas that the values of time features refer to; none if the model has no times. */
export function toTimeSchemas({ features }: Manifest): Readonly<Record<string, Schema>> {
  const zones = new Set(features.flatMap((feature) => (feature.dtype === 'timestamp' ? [feature.timezone] : [])));
  return Object.fromEntries(Array.from(zones, (zone) => [nameOf(zone), zone === 'UTC' ? utcTime : localTime]));
}

export function toTimeSchema({ timezone, nullable }: TimeFeature): Schema {
  const time = ref(nameOf(timezone));
  return nullable ? anyOf(time, { enum: ['', null] }) : time;
}
