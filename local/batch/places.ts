import { lstatSync, realpathSync, type Stats } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { JobError } from '../../functions/batch/job/job-error.ts';
import { errorsLocation } from '../../functions/batch/slices/work.ts';
import { withFile } from '../../functions/batch/stores/file-errors.ts';
import { toFolder } from '../package-folder.ts';
import type { Options } from './options.ts';
import { createTemporaryFolder, spool } from './standard-streams.ts';

/** The files of a run's input and output. */
export interface Places {
  readonly input: string;
  readonly output: string;
  /** Whether an interrupted run can be continued. */
  readonly isResumable: boolean;
}

/**
 * Finds the files of the input and output. Copies standard input to a temporary file. Throws InvalidJob if the output,
 * or the file with its errors, is the input, or is something other than a regular file, such as a folder, a link or a
 * device.
 */
export async function findPlaces({ input, output }: Options, typedIn: string | undefined): Promise<Places> {
  const isResumable = input !== '-' && output !== '-';
  const temporary = isResumable ? '' : createTemporaryFolder();
  const places = {
    input: input === '-' ? join(temporary, 'input') : toFolder(input, typedIn),
    output: output === '-' ? join(temporary, 'output') : toFolder(output, typedIn),
    isResumable,
  };
  await checkOutput(places.output, '; to write to standard output, give - as the output');
  await checkOutput(errorsLocation(places));
  checkApart(places);
  if (input === '-') await spool(places.input);
  return places;
}

/**
 * Refuses an output that is not a regular file: moving the finished file there would replace a device, or a link
 * instead of its target. `advice` is for a device.
 */
async function checkOutput(path: string, advice = ''): Promise<void> {
  const stats = await withFile('write', path, async () => lstatSync(path, { throwIfNoEntry: false }));
  if (!stats || stats.isFile()) return;
  throw new JobError(
    'InvalidJob',
    `${path} cannot be written: it is ${describe(stats)}${isDevice(stats) ? advice : ''}`,
  );
}

/**
 * Refuses an output that is the input. Links to folders can give one file several paths. The run also writes a file of
 * failed rows, which must not be the input either.
 */
function checkApart({ input, output }: Pick<Places, 'input' | 'output'>): void {
  const read = toReal(input);
  const written = { 'The output': output, "The file for the output's failed rows": errorsLocation({ output }) };
  for (const [what, path] of Object.entries(written)) {
    if (join(toReal(dirname(path)), basename(path)) !== read) continue;
    throw new JobError('InvalidJob', `${what} is the input: ${path} would be overwritten`);
  }
}

/**
 * Returns the path unchanged if the file does not exist. The copy of standard input is written later; any other missing
 * file is reported later.
 */
function toReal(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function describe(stats: Stats): string {
  if (stats.isDirectory()) return 'a folder';
  return stats.isSymbolicLink() ? 'a symbolic link' : 'not a regular file';
}

/** Whether something that is not a regular file is a device or a pipe. */
function isDevice(stats: Stats): boolean {
  return !stats.isDirectory() && !stats.isSymbolicLink();
}
