import { type DataError, toSteps } from '../api.ts';
import { outOfRange } from '../baseline.ts';
import { element, section } from '../element.ts';
import { count } from '../format.ts';
import { type Feature, isNumber, isTime, type Row, type Value } from '../model.ts';
import { createCategoryControl } from './category-control.ts';
import type { Control } from './control.ts';
import { createFlagControl } from './flag-control.ts';
import { createFormFilter } from './form-filter.ts';
import { createNumberControl } from './number-control.ts';
import { createSearchControl } from './search-control.ts';
import { createTextControl } from './text-control.ts';
import { createTimeControl } from './time-control.ts';

/** A list of more values would be too long to look through. */
const mostListed = 40;

export interface Form {
  readonly element: HTMLElement;
  /** The place beside the heading. */
  readonly head: HTMLElement;
  /** The places beside the controls, by the index of the feature. They show what its value adds to the answer. */
  readonly slots: readonly HTMLElement[];
  /** Undefined if an entry is no valid value. */
  read(): Row | undefined;
  write(row: Row): void;
  /** Changes some values, as if they were entered. */
  change(values: ReadonlyMap<number, Value>): void;
  /** Shows the API's errors about a request of one row. */
  report(errors: readonly DataError[]): void;
  /** The number of values outside of the training range. */
  countOutOfRange(): number;
  /** Puts the controls into another order, by the indices of the features. */
  arrange(order: readonly number[]): void;
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
  const head = element('div', { class: 'inputs-head' });
  const elements = controls.map((control) => control.element);
  const list = element('div', { class: 'controls' }, ...elements);
  const filter = createFormFilter(features, elements);
  const panel = section('inputs', count(features.length, 'input'), head, ...filter.before, list, ...filter.after);
  return {
    element: panel,
    head,
    slots: controls.map(({ slot }) => slot),
    arrange: (order) => {
      list.append(...order.flatMap((index) => elements[index] ?? []));
      filter.arrange(order);
    },
    read: () => toRow(readAll()),
    write,
    change: (values) => write(readAll().map((value, index) => (values.has(index) ? values.get(index) : value) ?? null)),
    report: (errors) => {
      for (const { pointer, detail } of errors) {
        const [, index] = toSteps(pointer);
        const control = controls[Number(index)];
        control?.note(detail);
        if (control) control.element.hidden = false;
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
  if (value === undefined) control.note(`A ${toNoun(feature)} is needed here.`);
  else control.note(outOfRange(feature, value), 'unusual');
}

function toNoun(feature: Feature): string {
  if (feature.categories?.unknown === 'rejected') return 'value from the training data';
  return isTime(feature) ? 'time' : 'number';
}

function createControl(feature: Feature, index: number, onChange: () => void): Control {
  if (isNumber(feature)) return createNumberControl(feature, index, onChange);
  if (isTime(feature)) return createTimeControl(feature, index, onChange);
  if (feature.dtype === 'bool' && !feature.nullable) return createFlagControl(feature, index, onChange);
  if ((feature.categories?.values.length ?? 0) > mostListed) return createSearchControl(feature, index, onChange);
  if (feature.dtype === 'bool' || feature.categories) return createCategoryControl(feature, index, onChange);
  return createTextControl(feature, index, onChange);
}
