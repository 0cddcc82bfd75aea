import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readManifest } from './files.ts';

/** Runs `use` with a folder that holds a copy of the shipped package, and removes it. */
export async function withPackage<T>(use: (directory: string) => Promise<T>): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), 'sepal-'));
  try {
    cpSync('models/iris', join(directory, 'iris'), { recursive: true });
    return await use(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** Changes top-level fields of the copy's model.json. */
export function changeManifest(directory: string, changes: Readonly<Record<string, unknown>>): void {
  writeFileSync(join(directory, 'iris', 'model.json'), JSON.stringify({ ...readManifest(), ...changes }));
}
