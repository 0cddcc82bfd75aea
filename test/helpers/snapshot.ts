import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import type { Captured } from './output.ts';
import { startNode } from './process.ts';

/** What a process that was started for a snapshot tells when its start is over. */
export interface Snapshot {
  /** Sockets that the start opened and left open. */
  readonly opened: readonly string[];
  readonly random: number;
}

export interface Restored {
  readonly snapshot: Snapshot;
  /** What the process had written by the time of the snapshot. */
  readonly written: string;
  ask(event: unknown, id: string): Promise<Captured<unknown>>;
  stop(): void;
}

/**
 * Starts a process as for a snapshot, stops it as the snapshot does, and lets it run on with clocks that have moved. Two of them are
 * copies of each other in what they draw by chance: V8 has the same seed in both.
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
