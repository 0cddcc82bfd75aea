import type { Restores } from '../measure/restore.ts';
import { milliseconds } from '../report/units.ts';
import { type Figure, timesFaster } from './figure.ts';

export function restoreFigures({ cold, thawed }: Restores): Figure[] {
  const named = { group: 'Restore', what: 'first request after a thaw' };
  const ours = thawed.map(({ first }) => first);
  const against = (name: string, theirs: readonly number[]) =>
    timesFaster({ ...named, against: name }, { ours, theirs, unit: milliseconds });
  return [
    against(
      'start of a process and its first request',
      cold.map(({ ready, first }) => ready + first),
    ),
    against(
      'first request of a process that did not answer the example',
      cold.map(({ first }) => first),
    ),
  ];
}
