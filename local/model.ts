import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findPackages, toShellWord } from '../functions/core/model/package.ts';
import { readConfig } from '../functions/predict/config.ts';
import { type Inspection, inspect, type NamedPackage } from './model/inspect.ts';
import { isPath, toFolder } from './package-folder.ts';

const usage = `Usage: npm run model -- check [<name or path>]…
       npm run model -- seal <name or path>…

  check  compares a package with its export and lists the differences; without a name, every package in models/
  seal   does the same, and updates SHA256SUMS if model.json was edited in a way that does not change the model:
         its version, its description, a unit, the name of a class, an example`;

const [command, ...values] = process.argv.slice(2);
const { modelsDirectory } = readConfig();
if (command === 'check')
  await checkAll((values.length > 0 ? values : findPackages(modelsDirectory)).map(toNamedPackage));
else if (command === 'seal' && values.length > 0) await sealAll(values.map(toNamedPackage));
else fail(usage, []);

function toNamedPackage(value: string): NamedPackage {
  if (isPath(value)) return { folder: toFolder(value, process.env.INIT_CWD) };
  return { folder: join(modelsDirectory, value), name: value };
}

async function checkAll(packages: readonly NamedPackage[]): Promise<void> {
  if (packages.length === 0) fail(`${modelsDirectory} has no model packages`, []);
  for (const one of packages) {
    const inspection = await inspect(one);
    const { problems, unsealed } = inspection;
    if (problems.length > 0) refuse(one, inspection);
    else if (unsealed.length > 0) {
      fail(`${one.folder} was edited since it was sealed`, unsealed);
      console.error(
        `These edits do not change the model. To accept them: npm run model -- seal ${one.name ?? toShellWord(one.folder)}`,
      );
    } else console.log(`${one.folder} is unchanged since it was sealed, and answers ${describeRows(inspection)}`);
  }
}

async function sealAll(packages: readonly NamedPackage[]): Promise<void> {
  for (const one of packages) {
    const inspection = await inspect(one);
    if (inspection.problems.length > 0) refuse(one, inspection);
    else seal(one, inspection);
  }
}

function describeRows({ rows, isCompared }: Inspection): string {
  const as = isCompared ? 'as the original did' : 'as it did when it was made (it was not compared with an original)';
  return `${rows} golden rows ${as}`;
}

function seal({ folder }: NamedPackage, inspection: Inspection): void {
  const { files, unsealed } = inspection;
  // The digests come last: if writing is interrupted, the package is refused.
  for (const [name, text] of files) writeFileSync(join(folder, name), text);
  const summary = `${folder} is sealed, and answers ${describeRows(inspection)}`;
  console.log([summary, ...(unsealed.length > 0 ? ['accepted:', ...unsealed] : [])].join('\n  '));
}

function refuse({ folder }: NamedPackage, { problems, unsealed }: Inspection): void {
  fail(`${folder} is not what was exported`, [...problems, ...unsealed]);
}

function fail(summary: string, problems: readonly string[]): void {
  console.error([summary, ...problems].join('\n  '));
  process.exitCode = 1;
}
