import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** The tag that `sam build` gives the image. */
export const image = 'predictfunction:latest';

const invocations = 'http://127.0.0.1:8080/2015-03-31/functions/function/invocations';

export interface Container {
  /** Runs a command in the container. */
  execute(...command: string[]): Promise<string>;
  /** Returns the host's address of a container port that was published with `--publish 127.0.0.1::PORT`. */
  publishedAt(port: number): Promise<string>;
  /**
   * Posts an event to Lambda's runtime interface emulator. The request is sent inside the container, because a
   * container without a network cannot be reached from outside.
   */
  invoke(event: string): Promise<unknown>;
  logs(): Promise<string>;
  stop(): Promise<void>;
}

export async function docker(...arguments_: string[]): Promise<string> {
  const { stdout } = await execute('docker', arguments_, { maxBuffer: 64 * 1024 * 1024 });
  return stdout.trim();
}

/** Starts the image with the given options of `docker run`, and waits until it listens. */
export async function startContainer(...options: string[]): Promise<Container> {
  const id = await docker('run', '--detach', ...options, image);
  const container: Container = {
    execute: (...command) => docker('exec', id, ...command),
    publishedAt: (port) => docker('port', id, String(port)),
    invoke: async (event) => JSON.parse(await docker('exec', id, 'node', '-e', postScript, event)),
    logs: async () => {
      const { stdout, stderr } = await execute('docker', ['logs', id]);
      return stdout + stderr;
    },
    stop: async () => {
      await docker('rm', '--force', id);
    },
  };
  await docker('exec', id, 'node', '-e', waitScript).catch(async (error: Error) => {
    const logs = await container.logs();
    await container.stop();
    throw new Error(`the container did not start: ${error.message}\n${logs}`);
  });
  return container;
}

const waitScript = `
const { connect } = require('node:net');
const attempt = () => connect(8080, '127.0.0.1').on('connect', () => process.exit()).on('error', () => setTimeout(attempt, 50));
attempt();
setTimeout(() => process.exit(1), 20000);`;

const postScript = `
fetch('${invocations}', { method: 'POST', body: process.argv[1] }).then(async (answer) => console.log(await answer.text()));`;
