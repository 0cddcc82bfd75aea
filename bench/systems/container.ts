import { request } from 'node:http';
import { connect } from 'node:net';
import { resolve } from 'node:path';
import { docker, wait } from '../commands.ts';
import { imageOf, type System } from './images.ts';

/** The event that every system gets: a body in base64, as the handlers in Python expect it. */
export const event = JSON.stringify({ body: Buffer.from('[5.1,3.5,1.4,0.2]').toString('base64') });

const coreMegabytes = 1769;

/** Docker's options for this memory, and for the share of a processor that Lambda gives with it. */
export function sizeOptions(megabytes: number): string[] {
  const cpus = Math.min(1, megabytes / coreMegabytes).toFixed(3);
  return ['--memory', `${megabytes}m`, '--memory-swap', `${megabytes}m`, '--cpus', cpus];
}

/** Docker's options that mount timed.mjs, which reports the steps of a start. Python images have their own timed.py. */
const timed: Partial<Record<System, readonly string[]>> = {
  sepal: ['--volume', `${resolve('bench/peers/timed.mjs')}:/var/task/timed.mjs:ro`],
  'nothing-handler': ['--volume', `${resolve('bench/peers/timed.mjs')}:/var/task/timed.mjs:ro`],
};

export interface Container {
  readonly id: string;
  readonly address: string;
}

export async function createContainer(system: System, megabytes: number, inSteps = false): Promise<string> {
  const mounts = inSteps ? (timed[system] ?? []) : [];
  const command = inSteps ? ['timed.handler'] : [];
  return docker('create', ...sizeOptions(megabytes), ...mounts, imageOf(system), ...command);
}

/**
 * Starts a container and waits until the runtime interface emulator listens. The function itself starts with its first
 * event.
 */
export async function startContainer(id: string): Promise<Container> {
  await docker('start', id);
  const address = await docker('inspect', '--format', '{{.NetworkSettings.IPAddress}}', id);
  while (!(await listens(address))) await wait(2);
  return { id, address };
}

export async function removeContainer(id: string): Promise<void> {
  await docker('rm', '--force', '--volumes', id);
}

function listens(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(8080, address);
    socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });
}

/** Posts the event to the runtime interface emulator. */
export function invoke({ address }: Container): Promise<string> {
  return new Promise((resolve, reject) => {
    const path = '/2015-03-31/functions/function/invocations';
    const posted = request({ host: address, port: 8080, path, method: 'POST' }, (response) => {
      let answer = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        answer += chunk;
      });
      response.on('end', () => resolve(answer));
    });
    posted.on('error', reject).end(event);
  });
}
