import { mkdir, writeFile } from 'node:fs/promises';
import { run, say } from '../commands.ts';
import type { Plan } from '../plan.ts';
import type { InRounds } from '../rounds.ts';
import { type Server, type ServerName, startServer } from '../systems/servers.ts';

export const connections = [1, 8] as const;
export type Connections = (typeof connections)[number];

export interface Http {
  /** Requests per second, by round. */
  readonly rounds: Readonly<Partial<Record<ServerName, Readonly<Record<Connections, readonly number[]>>>>>;
  /** Why a server was not measured. */
  readonly notMeasured: Readonly<Partial<Record<ServerName, string>>>;
}

const firstPort = 5900;

/** Measures one row over HTTP: the server on one processor, the client on another. */
export async function measureHttp({ served, httpRounds, httpSeconds }: Plan, inRounds: InRounds): Promise<Http> {
  const { servers, notMeasured } = await startAll(served);
  try {
    for (const server of servers.values()) await load(server, 8, httpSeconds);
    if (servers.size > 0) say(`${httpRounds} rounds of ${httpSeconds} s over HTTP`);
    const rounds = new Map([...servers.keys()].map((name) => [name, {} as Record<Connections, number[]>]));
    for (const count of connections) {
      const speeds = await inRounds(httpRounds, [...servers.keys()], (name) =>
        load(servers.get(name) as Server, count, httpSeconds),
      );
      for (const [name, byCount] of rounds) byCount[count] = speeds[name];
    }
    return { rounds: Object.fromEntries(rounds), notMeasured };
  } finally {
    for (const server of servers.values()) server.stop();
  }
}

async function startAll(names: readonly ServerName[]) {
  const servers = new Map<ServerName, Server>();
  const notMeasured: Partial<Record<ServerName, string>> = {};
  for (const [index, name] of names.entries()) {
    await startServer(name, firstPort + index).then(
      (server) => {
        servers.set(name, server);
      },
      (error: Error) => {
        // Keeps only the last line of a stack trace, because the others hold paths of this machine.
        notMeasured[name] = error.message.trim().split('\n').at(-1) ?? '';
        say(`${name} is not measured: ${error.message}`);
      },
    );
  }
  return { servers, notMeasured };
}

interface AutocannonResult {
  readonly requests: { readonly average: number };
  readonly non2xx: number;
  readonly errors: number;
}

/** Requests per second. */
async function load({ name, url, body }: Server, count: number, seconds: number): Promise<number> {
  // The body is in a file, because autocannon would parse the brackets of a body on its command line.
  const input = `dist/bench/bodies/${name}.json`;
  await mkdir('dist/bench/bodies', { recursive: true });
  await writeFile(input, body);
  const { stdout } = await run('taskset', [
    ...['-c', '1', process.execPath, 'node_modules/autocannon/autocannon.js', '--json', '--no-progress'],
    ...['--connections', String(count), '--duration', String(seconds), '--method', 'POST'],
    ...['--headers', 'content-type=application/json', '--input', input, url],
  ]);
  const { requests, non2xx, errors } = JSON.parse(stdout) as AutocannonResult;
  if (non2xx + errors > 0) throw new Error(`${name} failed ${non2xx + errors} requests`);
  return requests.average;
}
