import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Values } from '../helpers/cloudformation.ts';
import { type Outcome, run } from './terminal.ts';

/** Copies the files that git tracks to a new folder, where SAM builds. A test may change the samconfig.toml there. */
export function copyRepository(): string {
  const copy = mkdtempSync(join(tmpdir(), 'sepal-deploy-'));
  const files = execFileSync('git', ['ls-files', '-z'], { encoding: 'utf8' }).split('\0').filter(Boolean);
  for (const file of files) cpSync(file, join(copy, file), { recursive: true });
  return copy;
}

/** Deploys the build in the folder `copy`. A parameter that `values` does not name keeps its value. */
export function deployFrom(copy: string, environment: string, values: Values = {}): Promise<Outcome> {
  const overrides = Object.entries(values).map(([name, value]) => `'${name}="${value}"'`);
  const given = overrides.length > 0 ? `--parameter-overrides ${overrides.join(' ')}` : '';
  return run(`sam deploy --config-env ${environment} --no-confirm-changeset ${given}`, copy);
}
