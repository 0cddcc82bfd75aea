import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { readTemplate, type Template, type Values } from '../helpers/cloudformation.ts';
import { type Outcome, run } from './terminal.ts';

/** What the rehearsal keeps. */
export const records = process.env.REHEARSAL ?? '';

/** The project, in a folder that SAM may write into. */
export const copy = mkdtempSync(join(tmpdir(), 'sepal-deploy-'));
process.once('exit', () => rmSync(copy, { recursive: true }));

let built: Promise<void> | undefined;

/** One image serves all tests. */
export function buildOnce(): Promise<void> {
  built ??= build();
  return built;
}

async function build(): Promise<void> {
  const files = execFileSync('git', ['ls-files', '-z'], { encoding: 'utf8' }).split('\0').filter(Boolean);
  for (const file of files) cpSync(file, join(copy, file), { recursive: true });
  expectSuccess(await run('sam build', copy));
}

export function deploy(environment: string, values: Values = {}): Promise<Outcome> {
  const overrides = Object.entries(values).map(([name, value]) => `'${name}="${value}"'`);
  const given = overrides.length > 0 ? `--parameter-overrides ${overrides.join(' ')}` : '';
  return run(`sam deploy --config-env ${environment} --no-confirm-changeset ${given}`, copy);
}

export function expectSuccess({ status, output }: Outcome): void {
  expect(status, output).to.equal(0);
}

/** The template that CloudFormation was given, after the transform. */
export function readExpanded(stack: string): Template {
  return JSON.parse(readFileSync(join(records, 'expanded', `${stack}.json`), 'utf8'));
}

/** All of them, as an update to the stand-in must name them: it keeps a number that was not named as another than its text. */
export function readDefaults(): Values {
  const parameters = Object.entries(readTemplate().Parameters);
  return Object.fromEntries(parameters.map(([name, { Default = '' }]) => [name, Default]));
}

/** What samconfig.toml gives the prod environment. */
export function readProdParameters(): Values {
  const [, list = ''] =
    /\[prod\.deploy\.parameters\][^[]*parameter_overrides = \[([^\]]*)\]/.exec(
      readFileSync('samconfig.toml', 'utf8'),
    ) ?? [];
  const pairs = [...list.matchAll(/"(\w+)=([^"]*)"/g)].map(([, name, value]) => [name, value]);
  expect(pairs.map(([name]) => name)).to.include.members([
    'Authorization',
    'DeploymentPreference',
    'ProvisionedConcurrency',
  ]);
  const values = Object.fromEntries(pairs);
  expect(readTemplate().Parameters).to.include.keys(Object.keys(values));
  return values;
}
