import { type ChildProcess, spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { run, say, wait } from '../commands.ts';
import { serverFolder } from './bundle.ts';

/** How to start an HTTP server, and the request for one row. Each server has the same logistic regression. */
interface Recipe {
  /** The command that runs in the server's folder and environment. `$PORT` is the port to listen on. */
  readonly command: string;
  readonly folder: string;
  readonly path: string;
  readonly body: string;
}

const rows = '[[5.1,3.5,1.4,0.2]]';
const tensor = '{"name":"rows","shape":[1,4],"datatype":"FP64","data":[5.1,3.5,1.4,0.2]}';
const node = process.execPath;

const own = {
  sepal: {
    folder: '.',
    command: `exec ${node} --env-file=local/lambda.env ${serverFolder}/server.mjs`,
    path: '/predict',
    body: rows,
  },
  'nothing-http': {
    folder: 'bench/peers/nothing-http',
    command: `exec ${node} server.mjs $PORT`,
    path: '/',
    body: rows,
  },
} satisfies Record<string, Recipe>;

const others = {
  mlserver: {
    folder: 'bench/peers/mlserver',
    command: 'MLSERVER_HTTP_PORT=$PORT MLSERVER_GRPC_PORT=$((PORT + 100)) exec mlserver start .',
    path: '/v2/models/iris/infer',
    body: `{"inputs":[${tensor}],"outputs":[{"name":"predict_proba"}]}`,
  },
  bentoml: {
    folder: 'bench/peers/bentoml',
    command: 'DO_NOT_TRACK=1 exec bentoml serve service:Iris --host 127.0.0.1 --port $PORT',
    path: '/predict',
    body: `{"rows":${rows}}`,
  },
  mlflow: {
    folder: 'bench/peers/mlflow',
    command:
      'python save.py model.pickle model && ' +
      'exec mlflow models serve -m model --env-manager local --workers 1 --host 127.0.0.1 --port $PORT',
    path: '/invocations',
    body: `{"inputs":${rows}}`,
  },
} satisfies Record<string, Recipe>;

const recipes = { ...own, ...others };
export type ServerName = keyof typeof recipes;
export const ownServers = Object.keys(own) as ServerName[];
export const otherServers = Object.keys(others) as ServerName[];

export interface Server {
  readonly name: ServerName;
  readonly url: string;
  readonly body: string;
  stop(): void;
}

/**
 * Starts a server on the first processor, where the client does not run, and waits until it answers. If it fails, throws
 * the end of its output.
 */
export async function startServer(name: ServerName, port: number): Promise<Server> {
  say(`starting ${name}`);
  const recipe: Recipe = recipes[name];
  const isPython = otherServers.includes(name);
  // Without -P, the folder pandas/ beside the script would be taken for the library.
  if (isPython) await inEnvironment(recipe.folder, 'python -P ../train.py model.pickle');
  const start = isPython ? inVenv(recipe.folder) : ['sh', '-c'];
  const [program = '', ...parameters] = ['taskset', '-c', '0', ...start, recipe.command];
  const child = spawn(program, parameters, {
    cwd: isPython ? '.' : recipe.folder,
    env: { ...process.env, PORT: String(port) },
    // Starts it in a new process group, so that it can be ended together with its children.
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const server = { name, url: `http://127.0.0.1:${port}${recipe.path}`, body: recipe.body, stop: () => stop(child) };
  await untilItAnswers(server, child).catch((error: Error) => {
    stop(child);
    throw error;
  });
  return server;
}

const inVenv = (folder: string) => [resolve('scripts/in-venv'), folder, 'sh', '-c'];

async function inEnvironment(folder: string, command: string): Promise<void> {
  const [program = '', ...parameters] = inVenv(folder);
  await run(program, [...parameters, command]);
}

async function untilItAnswers({ url, body, name }: Omit<Server, 'stop'>, child: ChildProcess): Promise<void> {
  let printed = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    printed = (printed + chunk).slice(-2000);
  });
  for (let attempt = 0; attempt < 300 && child.exitCode === null; attempt += 1) {
    const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body }).catch(
      () => undefined,
    );
    const text = (await answer?.text()) ?? '';
    if (answer?.ok && /0\.98470316|nothing/.test(text)) return;
    if (answer?.ok) throw new Error(`${name} answered ${text}`);
    await wait(200);
  }
  throw new Error(`${name} did not start: ${printed}`);
}

function stop({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGTERM');
  } catch {
    // It has already ended.
  }
}
