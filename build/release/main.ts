import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { notesOf, type Sources, versionOf } from './version.ts';

/**
 * `npm run release -- v1.2.0` makes the files of a release in dist/release/: the wheel of `sepal_export`, the image as
 * an archive for `docker load`, and the image's SBOM. It writes the release's notes to dist/release-notes.md. It needs
 * Python and Docker.
 */
const read = (path: string) => readFileSync(path, 'utf8');
const run = (command: string, ...parameters: string[]) => execFileSync(command, parameters, { stdio: 'inherit' });

const [tag = ''] = process.argv.slice(2);
const sources: Sources = {
  'package.json': read('package.json'),
  'training/pyproject.toml': read('training/pyproject.toml'),
  'CHANGELOG.md': read('CHANGELOG.md'),
};
const version = versionOf(tag, sources);
const folder = 'dist/release';
// First, because it builds the function, and a build removes dist/.
run('npm', 'run', 'sbom');
mkdirSync(folder, { recursive: true });
writeFileSync('dist/release-notes.md', `${notesOf(version, sources['CHANGELOG.md'])}\n`);
run('training/run', 'python', '-m', 'build', '--wheel', '--outdir', `../${folder}`, '.');
run('cp', 'dist/sbom.cdx.json', `${folder}/sepal-${version}.cdx.json`);
run('docker', 'build', '--tag', `sepal:${version}`, '.');
run('docker', 'save', '--output', `${folder}/sepal-${version}.tar`, `sepal:${version}`);
run('gzip', '--force', `${folder}/sepal-${version}.tar`);
