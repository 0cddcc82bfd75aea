import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

const shipped = 'models/iris';

/** Runs `use` with a folder that holds a copy of a package, and removes it. */
export async function withPackage<T>(use: (directory: string) => Promise<T>, original = shipped): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), 'sepal-'));
  try {
    cpSync(original, join(directory, basename(original)), { recursive: true });
    return await use(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** Changes top-level fields of the copy's model.json. */
export function changeManifest(
  directory: string,
  changes: Readonly<Record<string, unknown>>,
  original = shipped,
): void {
  const manifest = JSON.parse(readFileSync(join(original, 'model.json'), 'utf8'));
  writeFileSync(join(directory, basename(original), 'model.json'), JSON.stringify({ ...manifest, ...changes }));
}

/** Gives the copy another name. */
export function renamePackage(directory: string, name: string, original = shipped): void {
  changeManifest(directory, { name }, original);
  renameSync(join(directory, basename(original)), join(directory, name));
}
