import { docker, say } from '../commands.ts';
import type { Plan } from '../plan.ts';
import { type InRounds, nothingOf } from '../rounds.ts';
import { median } from '../statistics.ts';
import { type Container, createContainer, invoke, removeContainer, startContainer } from '../systems/container.ts';
import { type System, systems } from '../systems/images.ts';

export interface Emulated {
  /** Milliseconds of a request: the median of each round. */
  readonly times: Readonly<Record<System, readonly number[]>>;
  /** The memory that the function's process holds after all requests, in MiB. */
  readonly resident: Readonly<Record<System, number>>;
}

/** Requests per round. */
const inARow = 50;

/** Measures warm requests through the runtime interface emulator. */
export async function measureEmulated({ emulated, emulatorRounds }: Plan, inRounds: InRounds): Promise<Emulated> {
  say(`${emulatorRounds} rounds of ${inARow} requests through the emulator`);
  const containers = new Map<System, Container>();
  try {
    for (const system of emulated) containers.set(system, await startWarm(system));
    const times = await inRounds(emulatorRounds, emulated, (system) => post(containers.get(system) as Container));
    const resident = await Promise.all([...containers].map(async ([system, { id }]) => [system, await residentOf(id)]));
    return { times: { ...nothingOf(systems), ...times }, resident: Object.fromEntries(resident) };
  } finally {
    for (const { id } of containers.values()) await removeContainer(id);
  }
}

async function startWarm(system: System): Promise<Container> {
  const container = await startContainer(await createContainer(system, 1769));
  await invoke(container);
  return container;
}

async function post(container: Container): Promise<number> {
  const times: number[] = [];
  for (let index = 0; index < inARow; index += 1) {
    const start = performance.now();
    await invoke(container);
    times.push(performance.now() - start);
  }
  return median(times);
}

/** Reads the memory of the function's process, which is the largest process except for the emulator. */
async function residentOf(id: string): Promise<number> {
  const lines = (await docker('top', id, '-eo', 'pid,rss,args')).split('\n').slice(1);
  const kilobytes = lines
    .filter((line) => !line.includes('aws-lambda-rie'))
    .map((line) => Number(line.trim().split(/\s+/)[1]));
  return Math.max(...kilobytes) / 1024;
}
