import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { Bom } from '../../build/image-bom.ts';

/** Runs `npm run sbom`, which builds dist/ again, and reads its output. */
export async function writeSbom(...options: string[]): Promise<Bom> {
  await promisify(execFile)('npm', ['run', 'sbom', '--', ...options]);
  return JSON.parse(await readFile('dist/sbom.cdx.json', 'utf8'));
}

/** The SHA-256 of each listed file, by its path in the image. */
export function toFiles({ components }: Bom): Record<string, string | undefined> {
  const files = components.filter(({ type }) => type === 'file' || type === 'machine-learning-model');
  return Object.fromEntries(files.map((file) => [file['bom-ref'], file.hashes?.[0]?.content]));
}
