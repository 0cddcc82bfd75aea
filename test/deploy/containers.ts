import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { docker, image } from '../helpers/container.ts';

export interface ContainerLambda {
  /** The number of invocations so far. */
  calls(): number;
  stop(): Promise<void>;
}

/**
 * Starts a stand-in for Lambda on a port. It invokes the function in `count` containers of the built image. Like an
 * environment of Lambda, each container gets one event at a time.
 */
export async function startContainers(
  port: number,
  count: number,
  environment: Record<string, string>,
): Promise<ContainerLambda> {
  const ports = Array.from({ length: count }, (_, index) => port + 1 + index);
  const ids = await Promise.all(ports.map((own) => startContainer(own, environment)));
  await Promise.all(ports.map(waitForContainer));
  const free = [...ports];
  const waiting: ((port: number) => void)[] = [];
  let calls = 0;
  const server = createServer(async (request, response) => {
    calls += 1;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const own = free.pop() ?? (await new Promise<number>((taken) => waiting.push(taken)));
    const text = await invoke(own, Buffer.concat(chunks));
    const next = waiting.shift();
    if (next) next(own);
    else free.push(own);
    const failed = /^\{"errorType"/.test(text);
    response.writeHead(200, failed ? { 'x-amz-function-error': 'Unhandled' } : {}).end(text);
  });
  server.requestTimeout = 0;
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    calls: () => calls,
    async stop() {
      server.closeAllConnections();
      server.close();
      await docker('rm', '--force', ...ids);
    },
  };
}

/**
 * Starts a container on the network of this machine, because the stand-in for S3 is there. So each runtime interface
 * emulator must listen on a port of its own.
 */
function startContainer(port: number, environment: Record<string, string>): Promise<string> {
  const variables = {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'testing',
    AWS_SECRET_ACCESS_KEY: 'testing',
    ...environment,
  };
  const options = Object.entries(variables).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
  const asLambda = ['--read-only', '--tmpfs', '/tmp', '--user', '993:990', '--memory', '1769m', '--network', 'host'];
  const addresses = { 'runtime-interface-emulator-address': port, 'runtime-api-address': port + 100 };
  const emulator = Object.entries(addresses).flatMap(([name, own]) => [`--${name}`, `127.0.0.1:${own}`]);
  const entrypoint = ['--entrypoint', '/usr/local/bin/aws-lambda-rie'];
  const runtime = ['/var/runtime/bootstrap', 'batch.handler'];
  return docker('run', '--detach', ...asLambda, ...options, ...entrypoint, image, ...emulator, ...runtime);
}

async function waitForContainer(port: number): Promise<void> {
  for (let attempt = 0; attempt < 400; attempt += 1) {
    const socket = connect(port, '127.0.0.1');
    const isThere = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isThere) return;
    await pause(50);
  }
  throw new Error(`no container listens on ${port}`);
}

async function invoke(port: number, event: Buffer): Promise<string> {
  const url = `http://127.0.0.1:${port}/2015-03-31/functions/function/invocations`;
  return (await fetch(url, { method: 'POST', body: new Uint8Array(event) })).text();
}
