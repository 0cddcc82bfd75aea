import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { startServer } from '../helpers/server.ts';

const settings = '--config=../../training/pyproject.toml';

/** What runs in test/clients/ against the server at `url`. */
function commandsFor(url: string): string[][] {
  return [
    ['ruff', 'check', settings, '.'],
    ['ruff', 'format', '--check', settings, '.'],
    ['python', 'clients.py', url],
    ['schemathesis', '--config-file', 'schemathesis.toml', 'run', '--checks', 'all', `${url}/openapi.json`],
  ];
}

/** Runs a command in the clients' virtual environment; whether it passed. */
async function run(command: readonly string[]): Promise<boolean> {
  console.log(`\n== ${command.join(' ')}`);
  const [code] = await once(spawn('test/clients/run', command, { stdio: 'inherit' }), 'close');
  return code === 0;
}

const server = await startServer();
let passed = true;
try {
  for (const command of commandsFor(server.url)) passed = (await run(command)) && passed;
} finally {
  const { stderr } = await server.stop();
  if (stderr) console.error(`the server wrote to its standard error:\n${stderr.slice(0, 10_000)}`);
  process.exitCode = passed && !stderr ? 0 : 1;
}
