import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Environment, processEnvironment } from '../../functions/core/environment.ts';
import { findPackages, toShellWord } from '../../functions/core/model/package.ts';
import { readConfig } from '../../functions/predict/config.ts';
import { isPath, toFolder } from '../package-folder.ts';
import { type Inspection, inspect, type NamedPackage } from './inspect.ts';

const usage = `Usage: npm run model -- check [<name or path>]…
       npm run model -- seal <name or path>…

  check  compares a package with its export and lists the differences; without a name, every package in models/
  seal   does the same, and updates SHA256SUMS if model.json was edited in a way that does not change the model:
         its version, its description, a unit, the name of a class, an example`;

/** Where the command prints what is right, and what is wrong. */
export type Print = Pick<Console, 'log' | 'error'>;

/** Runs `npm run model` with these arguments. Resolves to its exit code. */
export async function runModelCommand(
  [command, ...values]: readonly string[],
  environment: Environment = processEnvironment,
  print: Print = console,
): Promise<number> {
  const { modelsDirectory } = readConfig(environment);
  const isSeal = command === 'seal';
  if (isSeal ? values.length === 0 : command !== 'check') return fail(print, usage);
  const named = values.length > 0 ? values : findPackages(modelsDirectory);
  if (named.length === 0) return fail(print, `${modelsDirectory} has no model packages`);
  let code = 0;
  for (const value of named) {
    const one = isPath(value)
      ? { folder: toFolder(value, environment.INIT_CWD) }
      : { folder: join(modelsDirectory, value), name: value };
    code = Math.max(code, await visit(one, isSeal, print));
  }
  return code;
}

async function visit(one: NamedPackage, isSeal: boolean, print: Print): Promise<number> {
  const inspection = await inspect(one);
  const { problems, unsealed } = inspection;
  if (problems.length > 0) return fail(print, `${one.folder} is not what was exported`, [...problems, ...unsealed]);
  return isSeal ? seal(one, inspection, print) : check(one, inspection, print);
}

function check({ folder, name }: NamedPackage, inspection: Inspection, print: Print): number {
  const { unsealed } = inspection;
  if (unsealed.length === 0) {
    print.log(`${folder} is unchanged since it was sealed, and answers ${describeRows(inspection)}`);
    return 0;
  }
  const code = fail(print, `${folder} was edited since it was sealed`, unsealed);
  print.error(
    `These edits do not change the model. To accept them: npm run model -- seal ${name ?? toShellWord(folder)}`,
  );
  return code;
}

function seal({ folder }: NamedPackage, inspection: Inspection, print: Print): number {
  const { files, unsealed } = inspection;
  // The digests come last: if writing is interrupted, the package is refused.
  for (const [name, text] of files) writeFileSync(join(folder, name), text);
  const summary = `${folder} is sealed, and answers ${describeRows(inspection)}`;
  print.log([summary, ...(unsealed.length > 0 ? ['accepted:', ...unsealed] : [])].join('\n  '));
  return 0;
}

function describeRows({ rows, isCompared }: Inspection): string {
  const as = isCompared ? 'as the original did' : 'as it did when it was made (it was not compared with an original)';
  return `${rows} golden rows ${as}`;
}

function fail(print: Print, summary: string, problems: readonly string[] = []): number {
  print.error([summary, ...problems].join('\n  '));
  return 1;
}
