/**
 * Sends good and bad requests over every protocol on several connections. Exits with 1 if a request got no answer or a
 * wrong one, if the service failed, if the server wrote to its standard error, or if its memory grew too much.
 *
 *     SECONDS=60 SEED=1 ONLY='Open Inference' node --import tsx test/soak/soak.ts
 *
 * ONLY is a pattern for the names of the kinds of request to send.
 */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Agent } from 'node:http';
import { killInTime, startNode } from '../helpers/process.ts';
import { badRequests } from './bad-requests.ts';
import { type Kind, send } from './exchange.ts';
import { createRandom, type Random } from './random.ts';
import { reads, validRequests } from './valid-requests.ts';

const seconds = Number(process.env.SECONDS ?? 60);
const seed = Number(process.env.SEED ?? 1);
const only = new RegExp(process.env.ONLY ?? '');
const connections = 8;
/**
 * Memory is first measured after this many requests, when V8 has compiled everything. It is a number of requests and
 * not a time, because a slow machine needs longer.
 */
const warm = 20_000;
/**
 * The memory at the end may be this many times that of the first measurement. Without a leak, measurements in 170,000
 * requests were between 37 and 46 MB used and between 195 and 288 MB resident. A leak of 400 bytes a request exceeds
 * this.
 */
const mayGrow = 1.5;

interface Tally {
  sent: number;
  answered: number;
  readonly statuses: Map<number, number>;
  readonly failures: Map<string, { count: number; message: string }>;
}

async function listKinds(url: string): Promise<readonly Kind[]> {
  const page = await (await fetch(`${url}/docs`)).text();
  const files = Array.from(page.matchAll(/swagger-ui-[\w-]+\.(?:js|css)/g), ([file]) => reads(`/docs/${file}`));
  if (files.length === 0) throw new Error('GET /docs names no file');
  return [...validRequests, ...badRequests, ...files].filter(({ name }) => only.test(name));
}

function draw(random: Random): Kind {
  let left = random() * totalWeight;
  for (const kind of kinds) {
    left -= kind.weight;
    if (left < 0) return kind;
  }
  throw new Error('there is no kind of request');
}

/** Sends one request after the other over a connection while `goes()`. */
async function work(url: string, agent: Agent, random: Random, goes: () => boolean, tally: Tally): Promise<void> {
  while (goes()) {
    const kind = draw(random);
    const { request, check } = kind.create(random);
    tally.sent += 1;
    try {
      const answer = await send(url, agent, request);
      tally.answered += 1;
      tally.statuses.set(answer.status, (tally.statuses.get(answer.status) ?? 0) + 1);
      check(answer);
    } catch (error) {
      const { count = 0, message = (error as Error).message } = tally.failures.get(kind.name) ?? {};
      tally.failures.set(kind.name, { count: count + 1, message });
    }
  }
}

interface Running {
  readonly child: ChildProcess;
  readonly url: string;
  /** The beginning of its standard error. */
  readonly errors: () => string;
}

/** Starts the local server on a free port. Its standard output is dropped, because it is long. */
async function start(): Promise<Running> {
  const child = startNode('local/server.ts', { PORT: '0' }, './test/soak/memory-probe.ts');
  let errors = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    if (errors.length < 10_000) errors += chunk;
  });
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      const [address] = /http:\/\/[\d.:]+/.exec(chunk) ?? [];
      if (address) resolve(address);
    });
    child.once('exit', () => reject(new Error(errors)));
  });
  child.stdout?.removeAllListeners('data').resume();
  return { child, url, errors: () => errors };
}

/** The memory of a process in megabytes, after garbage collections. */
interface Memory {
  /** On the heap, and in buffers outside of it. */
  readonly used: number;
  /** All memory of the process, including that of the runtime. */
  readonly resident: number;
}

async function readMemory({ child }: Running): Promise<Memory> {
  const answer = once(child, 'message');
  child.send('memory');
  const [memory] = await answer;
  return memory as Memory;
}

/**
 * Measures the memory when V8 has compiled everything, and again after `seconds` of the same load. The server is idle
 * at both times: the memory of running requests changes by more than a small leak adds.
 */
async function soak(server: Running, tally: Tally): Promise<{ early: Memory; end: Memory }> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const randoms = Array.from({ length: connections }, (_, index) => createRandom(seed * connections + index));
  const load = (goes: () => boolean) =>
    Promise.all(randoms.map((random) => work(server.url, agent, random, goes, tally)));
  await load(() => tally.sent < warm);
  const early = await readMemory(server);
  const ends = AbortSignal.timeout(seconds * 1000);
  await load(() => !ends.aborted);
  const end = await readMemory(server);
  agent.destroy();
  return { early, end };
}

function problemsWith(tally: Tally, early: Memory, end: Memory, errors: string): string[] {
  const problems = [...tally.failures].map(([name, { count, message }]) => `${name}, ${count} times: ${message}`);
  if (tally.answered !== tally.sent) problems.push(`${tally.sent - tally.answered} requests were not answered`);
  if ([...tally.statuses.keys()].some((status) => status >= 500)) problems.push('the service failed');
  for (const kind of ['used', 'resident'] as const) {
    if (!(end[kind] <= early[kind] * mayGrow)) problems.push(`the ${kind} memory grew more than ${mayGrow}-fold`);
  }
  if (errors) problems.push(`the server wrote to its standard error: ${errors}`);
  return problems;
}

const server = await start();
const kinds = await listKinds(server.url);
const totalWeight = kinds.reduce((sum, { weight }) => sum + weight, 0);
const tally: Tally = { sent: 0, answered: 0, statuses: new Map(), failures: new Map() };
const { early, end } = await soak(server, tally).finally(() => {
  server.child.kill('SIGTERM');
  killInTime(server.child);
});
if (server.child.exitCode === null) await once(server.child, 'close');

const statuses = [...tally.statuses].sort().map(([status, count]) => `${status}: ${count}`);
console.log(`${tally.sent} requests of ${kinds.length} kinds, ${tally.answered} answers`);
console.log(statuses.join(', '));
for (const [when, { used, resident }] of Object.entries({
  [`after ${warm} requests`]: early,
  [`${seconds} s later`]: end,
})) {
  console.log(`${when} ${used.toFixed(1)} MB used, ${resident.toFixed(1)} MB resident`);
}
const problems = problemsWith(tally, early, end, server.errors());
for (const problem of problems) console.log(`FAILED  ${problem}`);
process.exitCode = problems.length > 0 ? 1 : 0;
