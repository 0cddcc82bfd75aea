import { basename, join } from 'node:path';
import { build } from 'esbuild';
import { replace } from './replace.ts';
import { packSwaggerUi } from './swagger-ui.ts';
import { refuseWarnings } from './warnings.ts';

/**
 * Makes what the pages consist of: in `directory` style.css and script.js of the playground, and in its folder `docs` those of
 * `GET /docs` and Swagger UI. Says which files of packages it copied, as esbuild's metafile does.
 */
export async function buildPages(directory: string) {
  const docs = join(directory, 'docs');
  const [copied] = await Promise.all([
    packSwaggerUi(docs),
    bundlePage('functions/playground', directory),
    bundlePage('functions/docs', docs),
  ]);
  return copied;
}

async function bundlePage(source: string, directory: string): Promise<void> {
  const result = await build({
    entryPoints: { script: `${source}/main.ts`, style: `${source}/style.css` },
    outdir: directory,
    write: false,
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    // Not from tsconfig.json, which the image is built without.
    tsconfigRaw: { compilerOptions: { strict: true, verbatimModuleSyntax: true } },
  });
  refuseWarnings(result);
  await Promise.all(result.outputFiles.map(({ path, contents }) => replace(join(directory, basename(path)), contents)));
}
