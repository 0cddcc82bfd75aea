import { basename, join } from 'node:path';
import { build } from 'esbuild';
import { replace } from './replace.ts';
import { packSwaggerUi } from './swagger-ui.ts';
import { refuseWarnings } from './warnings.ts';

/**
 * Builds the files of the pages: style.css and script.js of the playground in `directory`, and those of `GET /docs`
 * with Swagger UI in its folder `docs`. Returns which files of packages it copied, in the format of esbuild's metafile.
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
    // Set here, because the image is built without tsconfig.json.
    tsconfigRaw: { compilerOptions: { strict: true, verbatimModuleSyntax: true } },
  });
  refuseWarnings(result);
  await Promise.all(result.outputFiles.map(({ path, contents }) => replace(join(directory, basename(path)), contents)));
}
