import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import type { Captured } from './output.ts';
import { startNode } from './process.ts';

/** The message that the process sends when its start is over. */
export interface Snapshot {
  /** The sockets that the start opened and left open. */
  readonly opened: readonly string[];
  readonly random: number;
}

export interface Restored {
  readonly snapshot: Snapshot;
  /** The output of the process until the snapshot. */
  readonly written: string;
  ask(event: unknown, id: string): Promise<Captured<unknown>>;
  stop(): void;
}

/**
 * Starts a process as Lambda does for a snapshot, stops it as a snapshot does, and continues it with its clocks moved
 * by `moveMs`. V8 has the same random seed in all such processes, so they draw the same random numbers, like copies of
 * one snapshot.
 */
export async function restore(environment: Readonly<Record<string, string>>, moveMs = 0): Promise<Restored> {
  const variables = { AWS_LAMBDA_INITIALIZATION_TYPE: 'snap-start', ...environment };
  const child = startNode(
    ['--random-seed=1', 'test/helpers/snapshot-process.ts'],
    variables,
    './test/helpers/clock.ts',
  );
  let written = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (written += chunk));
  const ended = once(child, 'close').then(() => {
    throw new Error(`the process ended: ${written}`);
  });
  ended.catch(() => undefined);
  const reply = async () => (await Promise.race([once(child, 'message'), ended]))[0];
  const snapshot: Snapshot = await reply();
  child.kill('SIGSTOP');
  await wait(100);
  child.kill('SIGCONT');
  child.send({ moveMs });
  return {
    snapshot,
    written,
    ask(event, id) {
      child.send({ event, id });
      return reply();
    },
    stop: () => child.kill('SIGKILL'),
  };
}
