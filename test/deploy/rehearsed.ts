import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { readTemplate, type Template, type Values } from '../helpers/cloudformation.ts';
import { copyRepository, deployFrom } from './sam.ts';
import { expectSuccess, run } from './terminal.ts';

/** The folder in which the rehearsal keeps its records: transformed templates and pushed images. */
export const records = process.env.REHEARSAL ?? '';

export const copy = copyRepository();
process.once('exit', () => rmSync(copy, { recursive: true }));

export const deploy = deployFrom.bind(null, copy);

let built: Promise<void> | undefined;

/** Builds the image on the first call. All tests use this image. */
export function buildOnce(): Promise<void> {
  built ??= run('sam build', copy).then(expectSuccess);
  return built;
}

/** Reads the template that CloudFormation got for a stack, after SAM's transform. */
export function readExpanded(stack: string): Template {
  return JSON.parse(readFileSync(join(records, 'expanded', `${stack}.json`), 'utf8'));
}

/**
 * The defaults of all parameters. An update must name all of them: if it left out a number, the stand-in would keep the
 * number, but write it as another text.
 */
export function readDefaults(): Values {
  const parameters = Object.entries(readTemplate().Parameters);
  return Object.fromEntries(parameters.map(([name, { Default = '' }]) => [name, Default]));
}

/** Reads the parameters that samconfig.toml sets for the prod environment. */
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
