import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { build } from 'esbuild';
import { refuseWarnings } from './warnings.ts';

/** Bundles the playground into `directory`: style.css and script.js. */
export async function buildPlayground(directory: string): Promise<void> {
  const result = await build({
    entryPoints: { script: 'functions/playground/main.ts', style: 'functions/playground/style.css' },
    outdir: directory,
    write: false,
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    // Set here, because the image is built without tsconfig.json.
    tsconfigRaw: { compilerOptions: { strict: true, verbatimModuleSyntax: true } },
  });
  refuseWarnings(result);
  await mkdir(directory, { recursive: true });
  await Promise.all(result.outputFiles.map(({ path, contents }) => replace(join(directory, basename(path)), contents)));
}

/** Replaces a file atomically, because another process may be reading it, and only if its contents change. */
async function replace(path: string, contents: Uint8Array): Promise<void> {
  const present = await readFile(path).catch(() => undefined);
  if (present?.equals(contents)) return;
  const written = `${path}.${process.pid}`;
  await writeFile(written, contents);
  await rename(written, path);
}
