import { expect } from 'chai';
import { RequestError } from '../../functions/core/errors.ts';
import { defaultLimits } from '../../functions/core/limits.ts';
import { toFeeds } from '../../functions/core/model/columns.ts';
import type { FeatureType } from '../../functions/core/model/tensor.ts';
import { csv } from '../../functions/predict/protocols/csv.ts';
import { manifestOf } from '../helpers/manifest.ts';

/** The model's input for a field of this type. */
function toModel(dtype: FeatureType, field: string): unknown {
  const manifest = manifestOf([
    { name: 'a', dtype },
    { name: 's', dtype: 'string' },
  ]);
  const { instances } = csv.decode({ headers: {}, parameters: {}, body: `a,s\n${field},x\n` }, manifest, defaultLimits);
  return toFeeds(instances, manifest, defaultLimits).a?.data[0];
}

function problemWith(dtype: FeatureType, field: string): string {
  try {
    return `none, it is ${toModel(dtype, field)}`;
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    return error.errors.map(({ pointer, detail }) => `${pointer}: ${detail}`).join();
  }
}

const noon = Date.UTC(2024, 4, 1, 12) * 1000;

/**
 * Fields, and the value that pandas.read_csv reads from each of them if the column has this dtype. Only spaces around a
 * boolean are refused by pandas.
 */
const taken: [FeatureType, unknown, string[]][] = [
  ['float64', 5, ['5', '+5', ' 5 ', '\t5', '5.', '5.0', '05', '"5"', '0.5e1', '5E+0']],
  ['float64', 0.5, ['.5', '0.5', '+.5', '5e-1']],
  ['float64', 0, ['0', '1e-400']],
  ['float64', 0.25, ['.25', ' .25 ', ' +.250']],
  ['float64', -0, ['-0']],
  ['int64', 5, ['5', '5.0', '5e0', ' 5', '+5']],
  ['bool', 1, ['true', 'True', 'TRUE', '1', '1.0', ' true ', '"1"']],
  ['timestamp', noon, ['2024-05-01T12:00:00', ' 2024-05-01 12:00 ', '\t2024-05-01T12:00', '"2024-05-01T12:00"']],
  ['bool', 0, ['false', 'False', 'FALSE', '0', '0.0', '-0']],
  ...[' x', 'x ', '5', 'true', '1e3', ' NA', 'na', 'Null', 'NONE', 'NaT', '-', '?', '=1+1'].map(
    (field): [FeatureType, unknown, string[]] => ['string', field, [field]],
  ),
];

const aTime = 'expected a time in ISO 8601, such as 2024-05-01T12:30:00';
const refused: [FeatureType, string, string[]][] = [
  [
    'float64',
    'expected a number, got a string',
    [
      '1_000',
      '"1,000"',
      '"5,1"',
      '0x10',
      '1e',
      '5 6',
      'true',
      '1/2',
      '5%',
      '$5',
      'x',
      '1e5e5',
      '1d5',
      '٣',
      '--5',
      '+ 5',
      '  ',
      'xinf',
      'no infinity',
      'infinite',
    ],
  ],
  [
    'float64',
    "expected a finite number, got Infinity or one beyond float64's range",
    ['1e400', '-1e400', 'inf', '-Inf', 'Infinity', '+infinity', 'INF'],
  ],
  ['bool', 'expected true or false, got a string', ['yes', 'no', 't', 'f', 'Y', 'on', '2', '-1', '0.5', 'inf']],
  ['int64', 'expected an integer, got a number with a fraction', ['5.5', '5e-1']],
  ['int64', 'expected an integer between -(2^53 - 1) and 2^53 - 1', ['9007199254740993', '1e300']],
  ['int64', 'expected an integer, got a string', ['five', 'true', '1_0', 'NaT']],
  [
    'timestamp',
    `${aTime}, got another string`,
    // Seconds and milliseconds look alike, so a number is no time.
    ['1714564800', '2024', ' 2024 ', '20240501', '1.5', 'noon', ' NaT'],
  ],
  ['timestamp', `${aTime}, got a field that is read as a missing value`, ['NaT', '"NaT"', 'NA', '']],
];

describe('a field of CSV', () => {
  for (const [dtype, value, fields] of taken) {
    it(`is read as the ${dtype} value ${JSON.stringify(value)}: ${fields.join(' or ')}`, () => {
      for (const field of fields) expect(toModel(dtype, field), field).to.equal(value);
    });
  }

  for (const [dtype, problem, fields] of refused) {
    it(`is refused as ${dtype}: ${fields.join(' or ')}`, () => {
      for (const field of fields) expect(problemWith(dtype, field), field).to.equal(`/1/a: ${problem}`);
    });
  }
});
