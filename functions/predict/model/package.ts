import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Manifest, parseManifest } from './manifest.ts';

/** A model package that cannot be served. The message names the file and what is wrong with it. */
export class ModelPackageError extends Error {
  override readonly name = 'ModelPackageError';

  constructor(file: string, problem: string, options?: ErrorOptions) {
    super(`${file}: ${problem}`, options);
  }
}

/** What is read from `directory`/`name`: model.json, checked, and the bytes of the model that it describes. */
export interface ModelPackage {
  readonly manifest: Manifest;
  readonly modelFile: string;
  readonly model: Uint8Array;
}

/** Reads a package and verifies that the model's bytes are those that were exported. Throws ModelPackageError. */
export function readPackage(directory: string, name: string): ModelPackage {
  const manifestFile = join(directory, name, 'model.json');
  const manifest = readManifest(manifestFile, read(manifestFile, directory));
  if (manifest.name !== name) {
    throw new ModelPackageError(manifestFile, `names the model ${manifest.name}, and its folder is ${name}`);
  }

  const modelFile = join(directory, name, manifest.file);
  const model = read(modelFile, directory);
  const sha256 = createHash('sha256').update(model).digest('hex');
  if (sha256 !== manifest.sha256) {
    throw new ModelPackageError(modelFile, `has SHA-256 ${sha256}, and model.json says ${manifest.sha256}`);
  }
  return { manifest, modelFile, model };
}

function readManifest(file: string, bytes: Buffer): Manifest {
  try {
    return parseManifest(JSON.parse(bytes.toString('utf8')));
  } catch (cause) {
    throw new ModelPackageError(file, (cause as Error).message, { cause });
  }
}

/** Synchronously, as nothing else is to be done at the start: the threads that read otherwise take 2 ms to start. */
function read(file: string, directory: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    const there = `model packages in ${directory}: ${findPackages(directory).join(', ') || 'none'}`;
    throw new ModelPackageError(file, `cannot be read: ${(cause as NodeJS.ErrnoException).code} (${there})`, { cause });
  }
}

/** The folders that hold a model.json; none where the directory cannot be read. */
function findPackages(directory: string): string[] {
  try {
    const names = readdirSync(directory).filter((name) => existsSync(join(directory, name, 'model.json')));
    return names.sort();
  } catch {
    return [];
  }
}
