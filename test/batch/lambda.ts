import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** An event that a state of the state machine sent, and the function's answer. */
export interface Invocation {
  readonly event: Record<string, unknown>;
  readonly answer: { readonly result?: unknown; readonly error?: { errorType: string; errorMessage: string } };
}

export interface FakeLambda {
  readonly invocations: Invocation[];
  /** Returns all output of the function. */
  log(): string;
  /** Starts new environments with other variables, as a deployment does. Running calls end in the old environments. */
  deploy(environment: Record<string, string>): Promise<void>;
  /** Called before each invocation. */
  beforeCall: (event: Record<string, unknown>) => Promise<void> | void;
  stop(): Promise<void>;
}

const environments = 2;

/**
 * Starts a server that acts as Lambda. Each of its environments answers one event at a time with the bundle of
 * `npm run build`.
 */
export async function startLambda(port: number, environment: Record<string, string>): Promise<FakeLambda> {
  const folder = layOut();
  const output: string[] = [];
  const invocations: Invocation[] = [];
  let pool = await startPool(folder, environment, output);
  const lambda: FakeLambda = {
    invocations,
    log: () => output.join(''),
    beforeCall: () => undefined,
    async deploy(other) {
      const old = pool;
      pool = await startPool(folder, { ...environment, ...other }, output);
      await old.stop();
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
      await pool.stop();
      rmSync(folder, { recursive: true });
    },
  };
  const server = createServer(async (request, response) => {
    const event = JSON.parse(await readAll(request));
    await lambda.beforeCall(event);
    const arn = decodeURIComponent(/functions\/([^/]+)\/invocations/.exec(request.url ?? '')?.[1] ?? '');
    const answer = await pool.call(event, arn);
    invocations.push({ event, answer });
    const headers = {
      'content-type': 'application/json',
      ...(answer.error && { 'x-amz-function-error': 'Unhandled' }),
    };
    response.writeHead(200, headers).end(JSON.stringify(answer.error ?? answer.result));
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return lambda;
}

/** Copies the files of the function into a folder as they are in the image, and returns the folder. */
function layOut(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sepal-lambda-'));
  for (const source of ['dist/function', 'dist/onnxruntime']) cpSync(source, folder, { recursive: true });
  cpSync('models', join(folder, 'models'), { recursive: true });
  return folder;
}

type Answer = Invocation['answer'];

async function startPool(folder: string, environment: Record<string, string>, output: string[]) {
  const free: ChildProcess[] = [];
  const waiting: ((child: ChildProcess) => void)[] = [];
  const release = (child: ChildProcess) => {
    const next = waiting.shift();
    if (next) next(child);
    else free.push(child);
  };
  const all = Array.from({ length: environments }, () => startProcess(folder, environment, output));
  const children = await Promise.all(all);
  for (const child of children) release(child);
  const take = () => {
    const child = free.pop();
    return child ? Promise.resolve(child) : new Promise<ChildProcess>((taken) => waiting.push(taken));
  };
  let calls = 0;
  const running = new Set<Promise<unknown>>();
  const run = async (event: unknown, arn: string): Promise<Answer> => {
    const child = await take();
    const answered = once(child, 'message');
    child.send({ id: `call-${calls++}`, event, arn });
    const [answer] = await answered;
    release(child);
    return answer as Answer;
  };
  return {
    call(event: unknown, arn: string): Promise<Answer> {
      const call = run(event, arn);
      running.add(call);
      return call.finally(() => running.delete(call));
    },
    async stop() {
      await Promise.all(running);
      for (const child of children) child.kill();
    },
  };
}

async function startProcess(folder: string, environment: Record<string, string>, output: string[]) {
  const child = fork(resolve('test/batch/lambda-process.mjs'), {
    cwd: folder,
    env: { PATH: process.env.PATH ?? '', ORT_DISABLE_TELEMETRY: '1', ...environment },
    execArgv: [],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => output.push(String(chunk)));
  await once(child, 'message');
  return child;
}

async function readAll(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  return (request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString() || '{}';
}
