import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { startServer } from '../helpers/server.ts';

const explore = (url: string, ...options: readonly string[]) => [
  ...['schemathesis', '--config-file', 'schemathesis.toml', 'run', '--checks', 'all'],
  ...[...options, `${url}/openapi.json`],
];

const examples = (url: string, model: string) => ['python', 'examples.py', url, model];
/** Of the operations whose answers follow from the model's outputs; all others are explored with iris and churn. */
const ofTheModel = ['--include-path-regex', '^/(predict|explain|invocations|model|v2/models/[^/]+(/infer)?)$'];

/** Packages, and what runs in test/clients/ against the server of each. The clients know the rows of iris. */
const packages: readonly Package[] = [
  {
    directory: 'models',
    name: 'iris',
    commands: (url) => [examples(url, 'iris'), ['python', 'clients.py', url], explore(url)],
  },
  // Columns of every type, and a regressor.
  { directory: 'models', name: 'churn', commands: (url) => [examples(url, 'churn'), explore(url)] },
  { directory: 'test/fixtures', name: 'diabetes', commands: (url) => [explore(url, ...ofTheModel)] },
  // Other answers, of each shape once.
  ...['scores', 'targets', 'values', 'outliers'].map((name) => ({
    directory: 'test/fixtures/answers',
    name,
    commands: (url: string) => [explore(url, ...ofTheModel)],
  })),
  // Classes of every type.
  ...['integers', 'booleans', 'fractions', 'texts'].map((name) => ({
    directory: 'test/fixtures/classes',
    name,
    commands: (url: string) => [['python', 'classes.py', url, `../fixtures/classes/${name}`]],
  })),
];

interface Package {
  readonly directory: string;
  readonly name: string;
  readonly commands: (url: string) => readonly (readonly string[])[];
}

/** Runs a command in the clients' virtual environment, and prints what it wrote when it has ended; whether it passed. */
async function run(name: string, command: readonly string[]): Promise<boolean> {
  const child = spawn('test/clients/run', command, { stdio: ['ignore', 'pipe', 'pipe'] });
  let written = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (written += text));
  const [code] = await once(child, 'close');
  console.log(`\n== ${name}: ${command.join(' ')}\n${written}`);
  return code === 0;
}

/** Whether all passed, and the server had nothing to say of it. */
async function check({ directory, name, commands }: Package): Promise<boolean> {
  const server = await startServer({ MODELS_DIRECTORY: directory, MODEL: name });
  let passed = true;
  for (const command of commands(server.url)) passed = (await run(name, command)) && passed;
  const { stderr } = await server.stop();
  if (stderr) console.error(`the server of ${name} wrote to its standard error:\n${stderr.slice(0, 10_000)}`);
  return passed && !stderr;
}

let passed = true;
/** Packages that are checked at once: each takes one processor. */
const together = 2;
const left = packages.values();
const work = async () => {
  for (const one of left) passed = (await check(one)) && passed;
};
// Before there are two that would make it.
passed = await run('all', ['python', '--version']);
await Promise.all(Array.from({ length: together }, work));
process.exitCode = passed ? 0 : 1;
