import { lstatSync, realpathSync, type Stats } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { JobError } from '../../functions/batch/job-error.ts';
import { withFile } from '../../functions/batch/stores/file-errors.ts';
import { errorsLocation } from '../../functions/batch/work.ts';
import { toFolder } from '../package-folder.ts';
import type { Options } from './options.ts';
import { createTemporaryFolder, spool } from './standard-streams.ts';

/** Where the input and the output of a run are, as files. */
export interface Places {
  readonly input: string;
  readonly output: string;
  /** Whether a run that stops can go on later. */
  readonly isResumable: boolean;
}

/** Reads standard input to its end. Throws InvalidJob where the output is no place for a file. */
export async function findPlaces({ input, output }: Options, typedIn: string | undefined): Promise<Places> {
  const isResumable = input !== '-' && output !== '-';
  const temporary = isResumable ? '' : createTemporaryFolder();
  const places = {
    input: input === '-' ? join(temporary, 'input') : toFolder(input, typedIn),
    output: output === '-' ? join(temporary, 'output') : toFolder(output, typedIn),
    isResumable,
  };
  for (const path of [places.output, errorsLocation(places)]) await checkOutput(path);
  checkApart(places);
  if (input === '-') await spool(places.input);
  return places;
}

/** What is moved in its place would replace a device, or what a link leads to would stay as it is. */
async function checkOutput(path: string): Promise<void> {
  const stats = await withFile('write', path, async () => lstatSync(path, { throwIfNoEntry: false }));
  if (!stats || stats.isFile()) return;
  throw new JobError('InvalidJob', `${path} cannot be written: it is ${describe(stats)}${advise(stats)}`);
}

/** One file can have several paths, through links to its folders. */
function checkApart({ input, output }: Pick<Places, 'input' | 'output'>): void {
  const read = toReal(input);
  for (const path of [output, errorsLocation({ output })]) {
    if (join(toReal(dirname(path)), basename(path)) !== read) continue;
    throw new JobError('InvalidJob', `The output is the input: ${path} would be written over`);
  }
}

/** The path itself where there is no such file, which is told later. */
function toReal(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function describe(stats: Stats): string {
  if (stats.isDirectory()) return 'a folder';
  return stats.isSymbolicLink() ? 'a symbolic link' : 'no regular file';
}

function advise(stats: Stats): string {
  return stats.isDirectory() || stats.isSymbolicLink() ? '' : '; - is standard output';
}
