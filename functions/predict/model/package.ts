import { createHash } from 'node:crypto';
import { access, readdir, readFile } from 'node:fs/promises';
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
export async function readPackage(directory: string, name: string): Promise<ModelPackage> {
  const manifestFile = join(directory, name, 'model.json');
  const manifest = readManifest(manifestFile, await read(manifestFile, directory));
  if (manifest.name !== name) {
    throw new ModelPackageError(manifestFile, `names the model ${manifest.name}, and its folder is ${name}`);
  }

  const modelFile = join(directory, name, manifest.file);
  const model = await read(modelFile, directory);
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

async function read(file: string, directory: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (cause) {
    const packages = await findPackages(directory);
    const there = `model packages in ${directory}: ${packages.join(', ') || 'none'}`;
    throw new ModelPackageError(file, `cannot be read: ${(cause as NodeJS.ErrnoException).code} (${there})`, { cause });
  }
}

/** The folders that hold a model.json. */
async function findPackages(directory: string): Promise<string[]> {
  const names = await readdir(directory).catch(() => []);
  const isPackage = await Promise.all(names.map((name) => exists(join(directory, name, 'model.json'))));
  return names.filter((_, index) => isPackage[index]).sort();
}

function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
