import { onceFor } from '../once-for.ts';
import type { DType } from './tensor.ts';

/** A class as the model was trained on it. */
export type Class = string | number | boolean;

/** The name of a class in texts and as a JSON name. */
export function toName(value: Class): string {
  return String(value);
}

/** The names of all classes, in the order of `classes`. */
export const toNames = onceFor((classes: readonly Class[]): readonly string[] => classes.map(toName));

const dtypes: Readonly<Record<string, DType>> = { string: 'string', boolean: 'bool' };

/** The type of all classes; model.json is checked to have classes of one type. JSON does not distinguish 1.0 from 1. */
export function toClassType(classes: readonly Class[]): DType {
  return dtypes[typeof classes[0]] ?? (classes.every(Number.isInteger) ? 'int64' : 'float64');
}
