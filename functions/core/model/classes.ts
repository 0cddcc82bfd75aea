import { onceFor } from '../once-for.ts';
import type { DType } from './tensor.ts';

/** A class as the model was trained on it. */
export type Class = string | number | boolean;

/** What a class is called where there is only text: itself, or its JSON. */
export function toName(value: Class): string {
  return String(value);
}

/** The names of all classes, in their order. */
export const toNames = onceFor((classes: readonly Class[]): readonly string[] => classes.map(toName));

const dtypes: Readonly<Record<string, DType>> = { string: 'string', boolean: 'bool' };

/** What all classes are: model.json has checked that they are alike. JSON does not tell 1.0 from 1. */
export function toClassType(classes: readonly Class[]): DType {
  return dtypes[typeof classes[0]] ?? (classes.every(Number.isInteger) ? 'int64' : 'float64');
}
