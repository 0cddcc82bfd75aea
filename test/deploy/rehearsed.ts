import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { readTemplate, type Template, type Values } from '../helpers/cloudformation.ts';
import { copyRepository, deployFrom } from './sam.ts';
import { expectSuccess, run } from './terminal.ts';

/** What the rehearsal keeps. */
export const records = process.env.REHEARSAL ?? '';

export const copy = copyRepository();
process.once('exit', () => rmSync(copy, { recursive: true }));

export const deploy = deployFrom.bind(null, copy);

let built: Promise<void> | undefined;

/** One image serves all tests. */
export function buildOnce(): Promise<void> {
  built ??= run('sam build', copy).then(expectSuccess);
  return built;
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
