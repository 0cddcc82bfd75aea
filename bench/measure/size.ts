import { createReadStream } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { docker, run, say } from '../commands.ts';
import type { Plan } from '../plan.ts';
import { bases, imageOf, type System, systems } from '../systems/images.ts';

/** What an image adds to its base: megabytes (10^6 bytes), and the number of layers. */
export interface Size {
  readonly uncompressed: number;
  /** NaN if it is not measured. */
  readonly compressed: number;
  readonly layers: number;
}

const folder = 'dist/bench/images';

export async function measureSizes({ compressed }: Plan): Promise<Readonly<Record<System, Size>>> {
  say('sizes of the images');
  const sizes = new Map<System, Size>();
  for (const system of systems) sizes.set(system, await measureSize(system, compressed.includes(system)));
  await rm(folder, { recursive: true, force: true });
  return Object.fromEntries(sizes) as Record<System, Size>;
}

async function measureSize(system: System, isCompressed: boolean): Promise<Size> {
  const sizeOf = async (image: string) => Number(await docker('image', 'inspect', '--format', '{{.Size}}', image));
  const uncompressed = (await sizeOf(imageOf(system))) - (await sizeOf(bases[system]));
  const below = (await idsOf(bases[system])).length;
  const layers = (await idsOf(imageOf(system))).length - below;
  let compressed = isCompressed ? 0 : Number.NaN;
  if (isCompressed) {
    for (const layer of (await layersOf(imageOf(system))).slice(below)) compressed += await gzipped(layer);
  }
  return { uncompressed: uncompressed / 1e6, compressed: compressed / 1e6, layers };
}

async function idsOf(image: string): Promise<string[]> {
  return JSON.parse(await docker('image', 'inspect', '--format', '{{json .RootFS.Layers}}', image));
}

/** The archives of the layers, from the base up. */
async function layersOf(image: string): Promise<string[]> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await docker('save', '--output', `${folder}/image.tar`, image);
  await run('tar', ['-xf', `${folder}/image.tar`, '-C', folder]);
  const [manifest] = JSON.parse(await readFile(`${folder}/manifest.json`, 'utf8')) as { Layers: string[] }[];
  return (manifest?.Layers ?? []).map((layer) => `${folder}/${layer}`);
}

/** The bytes of a layer when it is compressed as in a registry. */
async function gzipped(layer: string): Promise<number> {
  let size = 0;
  await pipeline(createReadStream(layer), createGzip(), async (chunks: AsyncIterable<Buffer>) => {
    for await (const chunk of chunks) size += chunk.length;
  });
  return size;
}
