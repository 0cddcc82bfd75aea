import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { replace } from './replace.ts';

const source = 'node_modules/swagger-ui-dist';
/** Packed as they are sent, which takes a quarter of the room in the image and no time of a request. */
const packed = { 'swagger-ui.js.gz': 'swagger-ui-bundle.js', 'swagger-ui.css.gz': 'swagger-ui.css' };
/** Of itself, and of what its script is made of. */
const licences = ['NOTICE', 'LICENSE', 'swagger-ui-bundle.js.LICENSE.txt'];

/** Copies what is served of Swagger UI, as it is published, and says what that was, as esbuild's metafile does. */
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
