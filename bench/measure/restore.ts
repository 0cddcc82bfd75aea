import { say } from '../commands.ts';
import { event } from '../systems/container.ts';
import { runInside } from '../systems/inside.ts';

/** Milliseconds of a process. */
interface FirstRequest {
  /** From the start of the process until it can answer. */
  readonly ready: number;
  readonly first: number;
}

export interface Restores {
  /** First requests of processes that are started for the request. */
  readonly cold: readonly FirstRequest[];
  /** First requests of processes that were started and frozen before, and are continued for the request. */
  readonly thawed: readonly FirstRequest[];
}

const rounds = 15;

/** Measures first requests of both kinds in turn. */
export async function measureRestores(): Promise<Restores> {
  say(`${rounds} first requests of a cold and of a thawed process`);
  const measure = (startType: string) => runInside<FirstRequest>('sepal', 'first-request.mjs', event, startType);
  const cold: FirstRequest[] = [];
  const thawed: FirstRequest[] = [];
  for (let round = 0; round < rounds; round += 1) {
    cold.push(await measure('on-demand'));
    thawed.push(await measure('snap-start'));
  }
  return { cold, thawed };
}
