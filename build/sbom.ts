import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import type { Metafile } from 'esbuild';
import { type ImageFile, toImageBom } from './image-bom.ts';

/**
 * Writes dist/sbom.cdx.json, the image's SBOM in CycloneDX. `--base` is the base image that `docker build` gets. The
 * SBOM describes the build in dist/, and so the image for this machine's architecture.
 */
const dockerfile = await readFile('Dockerfile', 'utf8');
const { values } = parseArgs({
  options: {
    base: { type: 'string', default: readDefault('BASE') },
  },
});

const npm = execFileSync('npm', ['sbom', '--sbom-format', 'cyclonedx', '--omit', 'dev'], { encoding: 'utf8' });
const bom = toImageBom(JSON.parse(npm), {
  base: values.base,
  packages: await readPackages(JSON.parse(await readFile('dist/bundle.json', 'utf8'))),
  files: [
    ...(await readFiles('dist/function')),
    ...(await readFiles('dist/onnxruntime')),
    ...(await readModels('models')),
  ],
});
await writeFile('dist/sbom.cdx.json', `${JSON.stringify(bom, null, 2)}\n`);
console.log(`wrote dist/sbom.cdx.json: ${bom.components.length} components on ${values.base}`);

/** Reads the default of an ARG of the Dockerfile. */
function readDefault(name: string): string {
  const [, value] = new RegExp(`^ARG ${name}=(.+)$`, 'm').exec(dockerfile) ?? [];
  if (!value) throw new Error(`Dockerfile: ARG ${name} has no default`);
  return value;
}

/** `name@version` of each package with code in the bundles. */
async function readPackages({ outputs }: Pick<Metafile, 'outputs'>): Promise<ReadonlySet<string>> {
  const inputs = Object.values(outputs).flatMap((output) => Object.entries(output.inputs));
  const folders = inputs.flatMap(([path, { bytesInOutput }]) => {
    const [folder] = /^.*\bnode_modules\/(@[^/]+\/)?[^/]+/.exec(path) ?? [];
    return folder && bytesInOutput > 0 ? [folder] : [];
  });
  const manifests = [...new Set(folders)].map(async (folder) => {
    return JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  });
  return new Set((await Promise.all(manifests)).map(({ name, version }) => `${name}@${version}`));
}

async function readFiles(folder: string): Promise<readonly ImageFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
  return Promise.all(files.sort().map((name) => readImageFile(folder, name)));
}

/** The files of every model package: model.json, SHA256SUMS, golden.json, and those that model.json names. */
async function readModels(folder: string): Promise<readonly ImageFile[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const packages = entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name));
  const files = packages.sort().map(async (path) => {
    const manifest = JSON.parse(await readFile(join(path, 'model.json'), 'utf8'));
    const { name, version, description, file, explanations } = manifest;
    const model = { ...(await readImageFile(path, file, path)), model: { name, version, description } };
    const background = explanations ? [explanations.file] : [];
    const others = ['SHA256SUMS', ...background, 'golden.json', 'model.json'];
    return [...(await Promise.all(others.map((other) => readImageFile(path, other, path)))), model];
  });
  return (await Promise.all(files)).flat();
}

/** `target` is the file's folder in the image. */
async function readImageFile(folder: string, name: string, target = ''): Promise<ImageFile> {
  const sha256 = createHash('sha256')
    .update(await readFile(join(folder, name)))
    .digest('hex');
  return { path: join(target, name), sha256 };
}
