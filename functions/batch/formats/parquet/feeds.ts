import type { Limits } from '../../../core/limits.ts';
import { problemWithCategory } from '../../../core/model/categories.ts';
import { type Feature, type Manifest, type Place, toPlaces } from '../../../core/model/manifest.ts';
import type { Tensor, TensorData, Tensors } from '../../../core/model/tensor.ts';
import { problemWith, toModelValue } from '../../../core/model/value.ts';
import type { Convert, Values } from './cursor.ts';
import { toText } from './numbers.ts';

/** Fills the model's inputs feature by feature. Texts are those of `toCheckedTexts`. */
export interface Feeds {
  /** Writes the values of a feature, by its position in the model; reports each that does not fit, by its row. */
  write(feature: number, values: Values, report: (row: number, detail: string) => void): void;
  /** The inputs without the rows that are told. */
  without(rows: ReadonlyMap<number, unknown>): Tensors;
}

/** A feature, and where its values go. */
interface Target extends Place {
  readonly feature: Feature;
  readonly data: TensorData;
  /** Whether each finite number is one of its values, and is stored as it is. */
  readonly isPlain: boolean;
  readonly check: Check;
}

/** Why a value is none of the feature's. */
type Check = (value: unknown) => string | undefined;

/** Distinct values whose check is remembered: of a text it takes longer than to look it up. */
const maxRemembered = 10_000;

/** How feeds are made for some rows after the other. */
export function createFeedsMaker(manifest: Manifest, limits: Limits): (rows: number) => Feeds {
  const checks = manifest.features.map((feature) => createCheck(feature, limits));
  return (rows) => {
    const inputs = manifest.inputs.map(({ name, dtype, shape: [, width] }): [string, Tensor] => {
      return [name, { dtype, dims: [rows, width], data: createData(dtype, rows * width) }];
    });
    const targets = toPlaces(manifest).map((place, index): Target => {
      const feature = manifest.features[index] as Feature;
      const { dtype, data } = (inputs[place.input] as [string, Tensor])[1];
      const isPlain = dtype === 'float64' && feature.dtype === 'float64' && feature.categories?.unknown !== 'rejected';
      return { ...place, feature, data, isPlain, check: checks[index] as Check };
    });
    return {
      write: (feature, values, report) => writeColumn(values, targets[feature] as Target, report),
      without: (left) => (left.size === 0 ? Object.fromEntries(inputs) : withoutRows(inputs, rows, left)),
    };
  };
}

function createData(dtype: Tensor['dtype'], size: number): TensorData {
  if (dtype === 'string') return new Array<string>(size).fill('');
  if (dtype === 'bool') return new Uint8Array(size);
  if (dtype === 'int64') return new BigInt64Array(size);
  return dtype === 'float32' ? new Float32Array(size) : new Float64Array(size);
}

/** As the API checks a value. */
function createCheck(feature: Feature, limits: Limits): Check {
  return (value) =>
    problemWith(value, feature.dtype, limits) ?? problemWithCategory(value as string | number | boolean, feature);
}

/** A text that is no value of its feature. */
class Misfit {
  readonly problem: string;

  constructor(problem: string) {
    this.problem = problem;
  }
}

/** How stored values become texts that the feature takes, or misfits. Of a dictionary each is checked once. */
export function toCheckedTexts(feature: Feature, limits: Limits): Convert {
  const check = createCheck(feature, limits);
  const known = new Map<string, string | Misfit>();
  const toChecked = (text: string) => {
    const checked = known.get(text);
    if (checked !== undefined) return checked;
    const problem = feature.nullable && text === '' ? undefined : check(text);
    const made = problem === undefined ? text : new Misfit(problem);
    if (known.size < maxRemembered) known.set(text, made);
    return made;
  };
  return (stored) => Array.from(stored as Uint8Array[], (bytes) => toChecked(toText(bytes)));
}

function writeColumn(values: Values, target: Target, report: (row: number, detail: string) => void): void {
  const { data, offset, stride, isPlain } = target;
  for (let row = 0; row < values.length; row += 1) {
    const value = values[row];
    if (typeof value === 'string' || (isPlain && Number.isFinite(value))) {
      data[offset + row * stride] = value as number;
      continue;
    }
    const problem = writeValue(value, offset + row * stride, target);
    if (problem) report(row, problem);
  }
}

/** Stores a value, or says why it cannot be. */
function writeValue(stored: unknown, index: number, { data, feature, check }: Target): string | undefined {
  if (stored instanceof Misfit) return stored.problem;
  const value = feature.dtype === 'bool' ? toFlag(stored ?? null) : (stored ?? null);
  if (isMissing(value, feature)) {
    // Strings have no NaN: an empty one is what the model knows for none.
    data[index] = Array.isArray(data) ? '' : Number.NaN;
    return undefined;
  }
  const problem = check(value);
  if (problem) return problem;
  const known = toModelValue(value as string | number | boolean, feature.dtype);
  data[index] = data instanceof BigInt64Array ? BigInt(known) : known;
  return undefined;
}

/** pandas makes 1.0 and 0.0 of true and false in a column with gaps. */
function toFlag(value: unknown): unknown {
  return value === 0 || value === 1 ? value === 1 : value;
}

function isMissing(value: unknown, { nullable }: Feature): boolean {
  return nullable && (value === null || Number.isNaN(value));
}

function withoutRows(inputs: readonly [string, Tensor][], rows: number, left: ReadonlyMap<number, unknown>): Tensors {
  const entries = inputs.map(([name, { dtype, dims, data }]) => {
    const width = dims[1] ?? 1;
    const kept = createData(dtype, (rows - left.size) * width);
    let next = 0;
    for (let at = 0; at < data.length; at += 1) {
      if (left.has(Math.floor(at / width))) continue;
      kept[next] = data[at] as number;
      next += 1;
    }
    return [name, { dtype, dims: [rows - left.size, width], data: kept }];
  });
  return Object.fromEntries(entries);
}
