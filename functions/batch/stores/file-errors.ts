import { JobError, type JobErrorName } from '../job/job-error.ts';

export type Access = 'read' | 'write';

/** Runs an operation on a file. If the system refuses it, throws a JobError that names the file and the reason. */
export async function withFile<T>(access: Access, path: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw toJobError(error as NodeJS.ErrnoException, access, path);
  }
}

const problems: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'a part of its path is not a folder',
  EISDIR: 'it is a folder',
  EACCES: 'permission is denied',
  EPERM: 'permission is denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space is left; make room',
  EDQUOT: 'the quota is used up; make room',
  EFBIG: 'the file system does not allow files of this size',
  ENAMETOOLONG: 'the name is too long',
  EIO: 'the disk reported an error',
};

/** Errors that may be gone at the next attempt. */
const passing = new Set(['ENOSPC', 'EDQUOT', 'EIO', 'EMFILE', 'ENFILE', 'EBUSY', 'EAGAIN', 'ESTALE', 'ETIMEDOUT']);

function toJobError(error: NodeJS.ErrnoException, access: Access, path: string): Error {
  const { code = '', syscall } = error;
  // An error without a system call is a bug, so it is not turned into a message for the user.
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
