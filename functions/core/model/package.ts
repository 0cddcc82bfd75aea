import { isUtf8 } from 'node:buffer';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { RequestError, toErrorText } from '../errors.ts';
import { parseJson } from '../json/json.ts';
import { defaultLimits } from '../limits.ts';
import { type Digests, digestsFile, parseDigests, toDigest } from './digests.ts';
import { type Manifest, parseManifest } from './manifest.ts';

/** A model package that cannot be served. The message names the file and what is wrong with it. */
export class ModelPackageError extends Error {
  override readonly name = 'ModelPackageError';
  readonly file: string;
  readonly problem: string;

  constructor(file: string, problem: string, options?: ErrorOptions) {
    super(`${file}: ${problem}`, options);
    this.file = file;
    this.problem = problem;
  }
}

/**
 * The contents of a package: model.json, checked, the bytes of the model that it describes, and the background's
 * reader.
 */
export interface ModelPackage {
  readonly manifest: Manifest;
  readonly modelFile: string;
  readonly model: Uint8Array;
  /** Parses the background, against which answers are explained; left out if the package has none. */
  readonly readBackground?: () => unknown;
}

export interface PackageFile {
  readonly bytes: Buffer;
  readonly sha256: string;
}

/** Returns a file of the package by its name. */
export type Take = (name: string) => PackageFile;

/**
 * Reads a package and verifies that no file has changed since the package was exported or last sealed. Throws
 * ModelPackageError.
 */
export function readPackage(folder: string): ModelPackage {
  const manifestFile = advising(
    () => ` (${listPackages(dirname(folder))})`,
    () => readPackageFile(folder, 'model.json'),
  );
  const take = advising(
    (file) => advise(folder, file),
    () => readSealed(folder, manifestFile),
  );
  take('golden.json');
  return parsePackage(folder, take);
}

/**
 * Reads the package in the folder `name` of `directory`. The package must have the same name. Throws ModelPackageError.
 */
export function readNamedPackage(directory: string, name: string): ModelPackage {
  const folder = join(directory, name);
  const content = readPackage(folder);
  const { manifest } = content;
  if (manifest.name === name) return content;
  throw new ModelPackageError(
    join(folder, 'model.json'),
    `names the model ${manifest.name}, but its folder is ${name}`,
  );
}

/** Reads all files that SHA256SUMS lists, and compares their digests. */
function readSealed(folder: string, manifestFile: PackageFile): Take {
  const digests = readDigests(folder);
  const files = new Map([['model.json', manifestFile]]);
  for (const name of digests.keys()) if (!files.has(name)) files.set(name, readPackageFile(folder, name));
  for (const [name, { sha256 }] of files) {
    const expected = digests.get(name);
    if (!expected) throw new ModelPackageError(join(folder, digestsFile), `does not list ${name}`);
    if (sha256 === expected) continue;
    throw new ModelPackageError(join(folder, name), `has SHA-256 ${sha256}, but ${digestsFile} says ${expected}`);
  }
  return (name) => {
    const file = files.get(name);
    if (file) return file;
    throw new ModelPackageError(join(folder, digestsFile), `does not list ${name}${advise(folder, digestsFile)}`);
  };
}

/**
 * Parses a package. Throws ModelPackageError if model.json is invalid, or the model or the background does not have the
 * digest that model.json states. Does not look at SHA256SUMS.
 */
export function parsePackage(folder: string, take: Take): ModelPackage {
  const manifest = parse(join(folder, 'model.json'), take('model.json').bytes, parseManifest);
  const modelFile = join(folder, manifest.file);
  const { bytes, sha256 } = take(manifest.file);
  checkDigest(modelFile, sha256, manifest.sha256);
  return { manifest, modelFile, model: bytes, ...toBackground(folder, manifest, take) };
}

/** Checks the background's digest at the start, as for all files. The first explanation parses it. */
function toBackground(folder: string, { explanations }: Manifest, take: Take): Pick<ModelPackage, 'readBackground'> {
  if (!explanations) return {};
  const file = join(folder, explanations.file);
  const { bytes, sha256 } = take(explanations.file);
  checkDigest(file, sha256, explanations.sha256);
  return { readBackground: () => parse(file, bytes, (document) => document) };
}

function checkDigest(file: string, sha256: string, expected: string): void {
  if (sha256 !== expected) throw new ModelPackageError(file, `has SHA-256 ${sha256}, but model.json says ${expected}`);
}

/** Throws ModelPackageError if SHA256SUMS is missing or has a malformed line. */
export function readDigests(folder: string): Digests {
  const { bytes } = readPackageFile(folder, digestsFile);
  try {
    return parseDigests(bytes.toString('latin1'));
  } catch (cause) {
    throw new ModelPackageError(join(folder, digestsFile), (cause as Error).message, { cause });
  }
}

/**
 * Parses a JSON file. Throws ModelPackageError, also for JSON that parsers read in different ways, such as repeated
 * names.
 */
export function parse<T>(file: string, bytes: Buffer, read: (document: unknown) => T): T {
  if (!isUtf8(bytes)) throw new ModelPackageError(file, 'is not UTF-8; save it as UTF-8');
  const text = bytes.toString('utf8');
  if (text.startsWith('\uFEFF')) {
    throw new ModelPackageError(file, 'begins with a byte order mark; save it as UTF-8 without one');
  }
  try {
    return read(parseJson(text, unlimited));
  } catch (cause) {
    throw new ModelPackageError(file, toProblem(cause as Error), { cause });
  }
}

/**
 * A package may have any number of classes and categories, of any length, so two limits of requests do not apply.
 */
const unlimited = { ...defaultLimits, columns: Number.POSITIVE_INFINITY, stringLength: Number.POSITIVE_INFINITY };

function toProblem(error: Error): string {
  if (!(error instanceof RequestError)) return error.message;
  return error.cause instanceof Error ? error.cause.message : toErrorText(error, 'the document');
}

/**
 * Reads synchronously. At the start there is nothing else to do, and the threads for asynchronous reads take 2 ms to
 * start.
 */
export function readPackageFile(folder: string, name: string): PackageFile {
  const file = join(folder, name);
  try {
    const bytes = readFileSync(file);
    return { bytes, sha256: toDigest(bytes) };
  } catch (cause) {
    throw new ModelPackageError(file, `cannot be read: ${(cause as NodeJS.ErrnoException).code}`, { cause });
  }
}

/** Runs a function, and adds advice to the ModelPackageError that it throws. */
function advising<T>(toAdvice: (file: string) => string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof ModelPackageError)) throw error;
    throw new ModelPackageError(error.file, error.problem + toAdvice(error.file), { cause: error.cause });
  }
}

/** What to do about a file that is missing, not listed or different from its digest. */
function advise(folder: string, file: string): string {
  // `npm run model -- seal` accepts edits of model.json and SHA256SUMS only.
  if (!['model.json', digestsFile].includes(basename(file))) return '; copy it again from where the package came from';
  const model = (command: string) => `\`npm run model -- ${command} ${toShellWord(folder)}\``;
  return `. ${model('check')} shows what has changed; ${model('seal')} accepts an edit that does not change the model`;
}

export function toShellWord(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}

function listPackages(directory: string): string {
  return `model packages in ${directory}: ${findPackages(directory).join(', ') || 'none'}`;
}

/** The folders that hold a model.json; empty if the directory cannot be read. */
export function findPackages(directory: string): string[] {
  try {
    const names = readdirSync(directory).filter((name) => existsSync(join(directory, name, 'model.json')));
    return names.sort();
  } catch {
    return [];
  }
}
