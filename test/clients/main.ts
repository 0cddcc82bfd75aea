import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { startServer } from '../helpers/server.ts';

const settings = '--config=../../training/pyproject.toml';
const linting = [
  ['ruff', 'check', settings, '.', '../../examples'],
  ['ruff', 'format', '--check', settings, '.', '../../examples'],
];
const explore = (url: string) => [
  'schemathesis',
  '--config-file',
  'schemathesis.toml',
  'run',
  '--checks',
  'all',
  `${url}/openapi.json`,
];

const examples = (url: string, model: string) => ['python', 'examples.py', url, model];

/** Packages, and what runs in test/clients/ against the server of each. The clients know the rows of iris. */
const packages: readonly Package[] = [
  {
    directory: 'models',
    name: 'iris',
    commands: (url) => [...linting, examples(url, 'iris'), ['python', 'clients.py', url], explore(url)],
  },
  // Columns of every type, and a regressor.
  { directory: 'models', name: 'churn', commands: (url) => [examples(url, 'churn'), explore(url)] },
  { directory: 'test/fixtures', name: 'diabetes', commands: (url) => [explore(url)] },
  // Other answers, of each shape once.
  ...['scores', 'targets', 'values', 'outliers'].map((name) => ({
    directory: 'test/fixtures/answers',
    name,
    commands: (url: string) => [explore(url)],
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

/** Runs a command in the clients' virtual environment; whether it passed. */
async function run(command: readonly string[]): Promise<boolean> {
  console.log(`\n== ${command.join(' ')}`);
  const [code] = await once(spawn('test/clients/run', command, { stdio: 'inherit' }), 'close');
  return code === 0;
}

/** Whether all passed, and the server had nothing to say of it. */
async function check({ directory, name, commands }: Package): Promise<boolean> {
  console.log(`\n== ${name}`);
  const server = await startServer({ MODELS_DIRECTORY: directory, MODEL: name });
  let passed = true;
  for (const command of commands(server.url)) passed = (await run(command)) && passed;
  const { stderr } = await server.stop();
  if (stderr) console.error(`the server wrote to its standard error:\n${stderr.slice(0, 10_000)}`);
  return passed && !stderr;
}

let passed = true;
for (const one of packages) passed = (await check(one)) && passed;
process.exitCode = passed ? 0 : 1;
