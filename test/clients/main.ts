import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { startServer } from '../helpers/server.ts';

/** The command that lets schemathesis test a server against its OpenAPI document. */
const explore = (url: string, ...options: readonly string[]) => [
  ...['schemathesis', '--config-file', 'schemathesis.toml', 'run', '--checks', 'all'],
  ...[...options, `${url}/openapi.json`],
];

const examples = (url: string, model: string) => ['python', 'examples.py', url, model];
/** Limits schemathesis to the operations whose answers depend on the model. Only iris and churn are tested with all. */
const ofTheModel = ['--include-path-regex', '^/(predict|explain|invocations|model|v2/models/[^/]+(/infer)?)$'];

/** The packages, with the commands that test a server of each. clients.py knows only the rows of iris. */
const packages: readonly Package[] = [
  {
    directory: 'models',
    name: 'iris',
    commands: (url) => [examples(url, 'iris'), ['python', 'clients.py', url], explore(url)],
  },
  // churn has columns of every type. diabetes is a regressor.
  { directory: 'models', name: 'churn', commands: (url) => [examples(url, 'churn'), explore(url)] },
  { directory: 'test/fixtures', name: 'diabetes', commands: (url) => [explore(url, ...ofTheModel)] },
  // One package for each other form of answers.
  ...['scores', 'targets', 'values', 'outliers'].map((name) => ({
    directory: 'test/fixtures/answers',
    name,
    commands: (url: string) => [explore(url, ...ofTheModel)],
  })),
  // One package for each type of classes.
  ...['integers', 'booleans', 'fractions', 'texts'].map((name) => ({
    directory: 'test/fixtures/classes',
    name,
    commands: (url: string) => [['python', 'classes.py', url, `../fixtures/classes/${name}`]],
  })),
];

interface Package {
  readonly directory: string;
  readonly name: string;
  /** The commands, which run one after the other in test/clients/. */
  readonly commands: (url: string) => readonly (readonly string[])[];
}

/** Runs a command in the clients' virtual environment, and prints its output at its end. Returns whether it passed. */
async function run(name: string, command: readonly string[]): Promise<boolean> {
  const child = spawn('test/clients/run', command, { stdio: ['ignore', 'pipe', 'pipe'] });
  let written = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (written += text));
  const [code] = await once(child, 'close');
  console.log(`\n== ${name}: ${command.join(' ')}\n${written}`);
  return code === 0;
}

/** Runs the commands of a package. Returns whether all passed and the server wrote nothing to standard error. */
async function check({ directory, name, commands }: Package): Promise<boolean> {
  const server = await startServer({ MODELS_DIRECTORY: directory, MODEL: name });
  let passed = true;
  for (const command of commands(server.url)) passed = (await run(name, command)) && passed;
  const { stderr } = await server.stop();
  if (stderr) console.error(`the server of ${name} wrote to its standard error:\n${stderr.slice(0, 10_000)}`);
  return passed && !stderr;
}

let passed = true;
/** The number of packages that are checked at the same time. Each check takes about one processor. */
const together = 2;
const left = packages.values();
const work = async () => {
  for (const one of left) passed = (await check(one)) && passed;
};
// This creates the virtual environment. Otherwise the first two commands would both create it at the same time.
passed = await run('all', ['python', '--version']);
await Promise.all(Array.from({ length: together }, work));
process.exitCode = passed ? 0 : 1;
