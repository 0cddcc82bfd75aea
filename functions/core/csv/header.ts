import { RequestError } from '../errors.ts';
import type { Feature } from '../model/manifest.ts';
import { nameMost } from '../model/names.ts';
import { isValueOf } from './field.ts';

/**
 * Decides whether the first record is a header if the request does not say. That can be unclear: a feature's name may
 * look like a number, and string values look like names. Throws InvalidInput if the record could be both, or is
 * neither.
 */
export function isHeader(first: readonly string[], records: number, features: readonly Feature[]): boolean {
  const fields = new Set(first);
  const named = features.filter(({ name }) => fields.has(name)).length;
  if (named === features.length) return true;
  // A single record of a model with one feature is a value: a request of a header alone would hold no rows.
  if (areNumbers(first, features.length) && (features.length > 1 || records > 1)) throw ambiguous(features.length);
  if (isRow(first, features)) return false;
  if (named > 0 || nameMost(first, features)) return true;
  // At least one value and no name: a row with a mistake, which the check of values reports.
  if (first.length === features.length && hasValue(first, features)) return false;
  throw neither(first, features);
}

/** Whether every field is a value of its feature, and at least one of them cannot be a name. */
function isRow(fields: readonly string[], features: readonly Feature[]): boolean {
  if (fields.length !== features.length || features.every(({ dtype }) => dtype === 'string')) return false;
  return fields.every((field, index) => isValueOf(field, (features[index] as Feature).dtype));
}

function hasValue(fields: readonly string[], features: readonly Feature[]): boolean {
  return fields.some((field, index) => {
    const { dtype } = features[index] as Feature;
    return dtype !== 'string' && field !== '' && isValueOf(field, dtype);
  });
}

function neither(first: readonly string[], features: readonly Feature[]): RequestError {
  const expected = `expected the names of features, or ${features.length} values, in the first record`;
  const got = first.length === 1 ? '1 field that is' : `${first.length} fields that are`;
  const detail = `${expected}, got ${got} neither${adviseRecord(first, features)}`;
  return new RequestError('InvalidInput', 'The first record is neither a header nor a row', {
    errors: [{ pointer: '/0', detail }],
  });
}

const indexAdvice = 'pandas writes its index as the first column unless you call to_csv(index=False)';

function adviseRecord(first: readonly string[], features: readonly Feature[]): string {
  const [only = '', ...others] = first;
  if (others.length === 0 && /[;\t]/.test(only)) return '; commas separate the fields of CSV';
  if (first.length === features.length + 1 && /^\d*$/.test(only)) return `; ${indexAdvice}`;
  const areStrings = first.length === features.length && features.every(({ dtype }) => dtype === 'string');
  return areStrings ? '; if it is a row, send the header content-type: text/csv; header=absent' : '';
}

/** Whether the fields are 0, 1, 2 and so on, which pandas writes as the header of columns without names. */
function areNumbers(fields: readonly string[], width: number): boolean {
  return fields.length === width && fields.every((field, index) => field === String(index));
}

/** Whether the names of a header are the positions of the features. They are not if a feature has such a name. */
export function isNumbered(fields: readonly string[], features: readonly Feature[]): boolean {
  if (!areNumbers(fields, features.length)) return false;
  const names = new Set(fields);
  return !features.some(({ name }) => names.has(name));
}

function ambiguous(width: number): RequestError {
  const numbers = width === 1 ? '0' : `0 to ${width - 1}`;
  const detail = `${numbers} may be the header of columns without names, or a row: send the header content-type: text/csv; header=present, or header=absent`;
  return new RequestError('InvalidInput', 'The first record could be a header or a row', {
    errors: [{ pointer: '/0', detail }],
  });
}
