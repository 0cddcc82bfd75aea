import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { replace } from './replace.ts';

const source = 'node_modules/swagger-ui-dist';
/**
 * The files that are served, and the files of the package that they come from. They are compressed in advance: they
 * take a quarter of the space in the image, and no request has to compress them.
 */
const packed = { 'swagger-ui.js.gz': 'swagger-ui-bundle.js', 'swagger-ui.css.gz': 'swagger-ui.css' };
/** The licences of Swagger UI and of the packages in its script. */
const licences = ['NOTICE', 'LICENSE', 'swagger-ui-bundle.js.LICENSE.txt'];

/** Copies the files of Swagger UI that are served. Returns them in the format of esbuild's metafile. */
export async function packSwaggerUi(directory: string) {
  const texts = await Promise.all(licences.map((name) => readFile(join(source, name))));
  await replace(join(directory, 'swagger-ui.LEGAL.txt'), Buffer.concat(texts));
  const copies = Object.entries(packed).map(async ([name, from]) => {
    const path = join(source, from);
    const contents = await promisify(gzip)(await readFile(path), { level: 9 });
    await replace(join(directory, name), contents);
    return [name, { inputs: { [path]: { bytesInOutput: contents.length } } }] as const;
  });
  return Object.fromEntries(await Promise.all(copies));
}
