import { JobError, type JobErrorName } from '../job-error.ts';

/** What is done to a file. */
export type Access = 'read' | 'write';

/** Does something with a file. Throws JobError that names it where the system refuses, or lacks what it takes. */
export async function withFile<T>(access: Access, path: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw toJobError(error as NodeJS.ErrnoException, access, path);
  }
}

const problems: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file, as what stands before a slash is no folder',
  EISDIR: 'it is a folder',
  EACCES: 'permission is denied',
  EPERM: 'permission is denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space is left; make room',
  EDQUOT: 'the quota is used up; make room',
  EFBIG: 'the file system takes no file of this size',
  ENAMETOOLONG: 'the name is too long',
  EIO: 'the disk does not answer as it should',
};

/** What may be over when it is tried again. */
const passing = new Set(['ENOSPC', 'EDQUOT', 'EIO', 'EMFILE', 'ENFILE', 'EBUSY', 'EAGAIN', 'ESTALE', 'ETIMEDOUT']);

function toJobError(error: NodeJS.ErrnoException, access: Access, path: string): Error {
  const { code = '', syscall } = error;
  // Anything else is a fault of ours.
  if (error instanceof JobError || !syscall) return error;
  const folder = access === 'write' && code === 'ENOENT' ? 'there is no such folder' : undefined;
  const problem = folder ?? problems[code] ?? `the system says ${code}`;
  return new JobError(toName(code, access), `${path} cannot be ${access === 'read' ? 'read' : 'written'}: ${problem}`, {
    cause: error,
  });
}

function toName(code: string, access: Access): JobErrorName {
  if (passing.has(code)) return 'Unavailable';
  return access === 'read' ? 'InputNotFound' : 'InvalidJob';
}
