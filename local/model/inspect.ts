import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Class } from '../../functions/core/model/classes.ts';
import { type Digests, digestsFile, formatDigests, toDigest } from '../../functions/core/model/digests.ts';
import { openModel } from '../../functions/core/model/load.ts';
import {
  findPackages,
  ModelPackageError,
  type PackageFile,
  parse,
  parsePackage,
  readDigests,
  readPackageFile,
  type Take,
} from '../../functions/core/model/package.ts';
import { isRecord } from '../../functions/core/model/value.ts';
import { problemsWithExplanations } from './explanation-check.ts';
import { type Golden, readGolden } from './golden.ts';
import { problemsWithAnswers, problemsWithEdits } from './package-check.ts';
import { findRenames, type Named, renameInGolden, renameInManifest, type TargetRenames } from './rename-classes.ts';

export interface NamedPackage {
  readonly folder: string;
  /** The expected name of the model, which is that of its folder; undefined if the user gave a path. */
  readonly name?: string;
}

/** The result of inspecting a package. */
export interface Inspection {
  /** Why the package cannot be sealed: it differs from the export. */
  readonly problems: readonly string[];
  /** Differences that sealing would accept. */
  readonly unsealed: readonly string[];
  /** The files that sealing writes, in this order. */
  readonly files: ReadonlyMap<string, string>;
  /** The number of golden rows that were predicted. */
  readonly rows: number;
  /** Whether the golden rows have the answers of an original model. */
  readonly isCompared: boolean;
}

/** Looks for everything that a start would refuse, and for edits that a start cannot detect. */
export async function inspect(named: NamedPackage): Promise<Inspection> {
  try {
    return await inspectFiles(named);
  } catch (error) {
    if (!(error instanceof ModelPackageError)) throw error;
    const problem = `${basename(error.file)}: ${error.problem}`;
    return { problems: [problem], unsealed: [], files: new Map(), rows: 0, isCompared: true };
  }
}

async function inspectFiles({ folder, name }: NamedPackage): Promise<Inspection> {
  checkIsThere(folder);
  const { golden, renames, written } = applyRenames(folder);
  const take: Take = (file) => {
    const text = written.get(file);
    return text === undefined ? readPackageFile(folder, file) : toFile(text);
  };
  const content = parsePackage(folder, take);
  const model = await openModel(folder, content);
  const { manifest } = model;
  const { explanations } = manifest;
  const names = ['golden.json', 'model.json', manifest.file, ...(explanations ? [explanations.file] : [])];
  const digests = new Map(names.map((file) => [file, take(file).sha256]));
  const seals = inspectSeals(folder, names);
  const misnamed =
    name === undefined || name === manifest.name
      ? []
      : [`model.json: names the model ${manifest.name}, but its folder is ${name}`];
  const problems = [
    ...misnamed,
    ...seals.changed,
    ...problemsWithEdits(manifest, golden),
    ...(await problemsWithAnswers(model, golden)),
  ];
  return {
    // Explanations are checked last: they take longest, and tell nothing new of a package that already differs.
    problems: problems.length > 0 ? problems : await problemsWithExplanations(model, golden),
    unsealed: [...seals.unsealed, ...describeRenames(renames)],
    files: new Map([...written, [digestsFile, formatDigests(digests)]]),
    rows: golden.instances.length,
    isCompared: manifest.parity !== null,
  };
}

/** Reports a misspelt package name first, before any file that is missing in the folder. */
function checkIsThere(folder: string): void {
  const file = join(folder, 'model.json');
  if (existsSync(file)) return;
  const directory = dirname(folder);
  const packages = findPackages(directory).join(', ') || 'none';
  throw new ModelPackageError(file, `is not there (model packages in ${directory}: ${packages})`);
}

function toFile(text: string): PackageFile {
  const bytes = Buffer.from(text);
  return { bytes, sha256: toDigest(bytes) };
}

/** Finds classes that were renamed in model.json, and renames them everywhere else in the package. */
function applyRenames(folder: string) {
  const golden = readGolden(folder, readPackageFile(folder, 'golden.json'));
  const file = join(folder, 'model.json');
  const document = parse(file, readPackageFile(folder, 'model.json').bytes, (parsed) => parsed);
  const renames = findNamesThatChanged(file, document, golden);
  if (renames.size === 0 || !isRecord(document)) return { golden, renames, written: new Map<string, string>() };
  const renamed = renameInGolden(golden, renames);
  const written = new Map([
    ['golden.json', `${JSON.stringify(renamed)}\n`],
    ['model.json', `${JSON.stringify(renameInManifest(document, renames), null, 2)}\n`],
  ]);
  return { golden: renamed, renames, written };
}

function findNamesThatChanged(file: string, document: unknown, golden: Golden): TargetRenames {
  try {
    return findRenames(golden, toNamed(document));
  } catch (cause) {
    throw new ModelPackageError(file, (cause as Error).message, { cause });
  }
}

/** Reads the classes of model.json. Ignores a value that is not a list: it is refused later with a better message. */
function toNamed(document: unknown): Named {
  if (!isRecord(document)) return {};
  const toClasses = (value: unknown) => (Array.isArray(value) ? (value as Class[]) : []);
  const targets = Array.isArray(document.targets) ? document.targets : [];
  return {
    classes: toClasses(document.classes),
    targets: targets.map((target) => ({ name: '', classes: toClasses(isRecord(target) ? target.classes : undefined) })),
  };
}

function describeRenames(found: TargetRenames): string[] {
  return Array.from(found).flatMap(([target, renames]) =>
    Array.from(renames, ([old, name]) => {
      const of = target === undefined ? '' : ` of ${JSON.stringify(target)}`;
      return `model.json: the class ${JSON.stringify(old)}${of} is now called ${JSON.stringify(name)}`;
    }),
  );
}

/**
 * Compares the files with SHA256SUMS. Only model.json may be edited and sealed again. A change in another file is a
 * problem.
 */
function inspectSeals(folder: string, names: readonly string[]): { unsealed: string[]; changed: string[] } {
  const digests = readSeals(folder);
  if (typeof digests === 'string') return { unsealed: [digests], changed: [] };
  const others = [...new Set([...names, ...digests.keys()])].filter(
    (name) => digests.get(name) !== digestOf(folder, name),
  );
  const isChanged = (name: string) => name !== 'model.json' && names.includes(name) && digests.has(name);
  return {
    unsealed: others.filter((name) => !isChanged(name)).map((name) => `${name}: does not match SHA256SUMS`),
    changed: others
      .filter(isChanged)
      .map((name) => `${name}: was changed since the export; copy it again from where the package came from`),
  };
}

/** Returns the digest of a file; undefined if the file cannot be read. */
function digestOf(folder: string, name: string): string | undefined {
  try {
    return readPackageFile(folder, name).sha256;
  } catch {
    return undefined;
  }
}

/** Returns the digests, or a message that says why they cannot be read. */
function readSeals(folder: string): Digests | string {
  try {
    return readDigests(folder);
  } catch (error) {
    if (!(error instanceof ModelPackageError)) throw error;
    return `${basename(error.file)}: ${error.problem}`;
  }
}
