import { cpSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { digestsFile, formatDigests, toDigest } from '../../functions/core/model/digests.ts';
import type { Manifest } from '../../functions/core/model/manifest.ts';
import { toContract } from '../../local/model/contract.ts';

const shipped = 'models/iris';

/** Runs `use` with a temporary folder that holds a copy of a package, and then removes the folder. */
export async function withPackage<T>(use: (directory: string) => Promise<T>, original = shipped): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), 'sepal-'));
  try {
    cpSync(original, join(directory, basename(original)), { recursive: true });
    return await use(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/**
 * Writes the original's model.json with other top-level members into the copy, so the changes of an earlier call are
 * lost. Also updates the copy's golden.json and digests, as the export would have written them.
 */
export function changeManifest(
  directory: string,
  changes: Readonly<Record<string, unknown>>,
  original = shipped,
): void {
  const text = JSON.stringify({ ...readDocument(join(original, 'model.json')), ...changes });
  const folder = join(directory, basename(original));
  writeFileSync(join(folder, 'model.json'), text);
  const golden = readDocument(join(folder, 'golden.json'));
  const contract = toContract(JSON.parse(text) as Manifest);
  writeFileSync(join(folder, 'golden.json'), JSON.stringify({ ...golden, contract }));
  sealByHand(folder);
}

/** Writes SHA256SUMS as `sha256sum golden.json … >SHA256SUMS` does, without checking any file. */
export function sealByHand(folder: string): void {
  const names = readdirSync(folder).filter((name) => name !== digestsFile);
  const digests = new Map(names.map((name) => [name, toDigest(readFileSync(join(folder, name)))]));
  writeFileSync(join(folder, digestsFile), formatDigests(digests));
}

/** Renames the copy's folder and its model. */
export function renamePackage(directory: string, name: string, original = shipped): void {
  changeManifest(directory, { name }, original);
  renameSync(join(directory, basename(original)), join(directory, name));
}

function readDocument(file: string): Record<string, unknown> {
  return JSON.parse(readFileSync(file, 'utf8'));
}
