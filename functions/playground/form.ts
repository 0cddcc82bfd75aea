import { type DataError, toSteps } from './api.ts';
import { outOfRange } from './baseline.ts';
import { createCategoryControl } from './category-control.ts';
import type { Control } from './control.ts';
import { section } from './element.ts';
import { createFlagControl } from './flag-control.ts';
import { type Feature, isNumber, isTime, type Row, type Value } from './model.ts';
import { createNumberControl } from './number-control.ts';
import { createTextControl } from './text-control.ts';
import { createTimeControl } from './time-control.ts';

export interface Form {
  readonly element: HTMLElement;
  /** Undefined where a value is missing that may not be. */
  read(): Row | undefined;
  write(row: Row): void;
  /** Changes some values as a hand would. */
  change(values: ReadonlyMap<number, number>): void;
  /** What the API says of a row that was sent alone. */
  report(errors: readonly DataError[]): void;
  /** How many values training had none of. */
  countOutOfRange(): number;
}

/** A control for each feature. */
export function createForm(features: readonly Feature[], onChange: () => void): Form {
  const controls = features.map((feature, index) => createControl(feature, index, changed));

  function changed() {
    for (const [index, control] of controls.entries()) noteValue(control, features[index] as Feature);
    onChange();
  }
  const write = (row: Row) => {
    for (const [index, control] of controls.entries()) control.write(row[index] ?? null);
    changed();
  };
  const readAll = () => controls.map((control) => control.read());
  return {
    element: section('inputs', 'Inputs', ...controls.map((control) => control.element)),
    read: () => toRow(readAll()),
    write,
    change: (values) => write(readAll().map((value, index) => values.get(index) ?? value ?? null)),
    report: (errors) => {
      for (const { pointer, detail } of errors) {
        const [, index] = toSteps(pointer);
        controls[Number(index)]?.note(detail);
      }
    },
    countOutOfRange: () => features.filter((feature, index) => outOfRange(feature, controls[index]?.read())).length,
  };
}

function toRow(values: readonly (Value | undefined)[]): Row | undefined {
  return values.every((value) => value !== undefined) ? values : undefined;
}

function noteValue(control: Control, feature: Feature): void {
  const value = control.read();
  if (value === undefined) control.note(`A ${isTime(feature) ? 'time' : 'number'} is needed here.`);
  else control.note(outOfRange(feature, value), 'unusual');
}

function createControl(feature: Feature, index: number, onChange: () => void): Control {
  if (isNumber(feature)) return createNumberControl(feature, index, onChange);
  if (isTime(feature)) return createTimeControl(feature, index, onChange);
  if (feature.dtype === 'bool' && !feature.nullable) return createFlagControl(feature, index, onChange);
  if (feature.dtype === 'bool' || feature.categories) return createCategoryControl(feature, index, onChange);
  return createTextControl(feature, index, onChange);
}
