// Failed file system calls in words. Loads nothing, because `connect` needs it and must stay small.
import { AppError } from '#contract/errors'
import { codeOf } from '../../lib/error-code.ts'

const WORDS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is exceeded',
  EFBIG: 'the file size limit is reached',
  EROFS: 'the disk is read-only',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ENOENT: 'its folder does not exist',
  ENOTDIR: 'a part of its path is not a folder',
  EISDIR: 'it is a folder',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open',
  EEXIST: 'a file with this name exists',
  ELOOP: 'it is a symbolic link',
  ENAMETOOLONG: 'its name is too long',
}

/** Returns the error that says why a file was not written. */
export function notWritten(file: string, cause: unknown): AppError {
  if (cause instanceof AppError) return cause
  const code = codeOf(cause)
  if (code === '') throw cause
  return new AppError('not-written', { file, issue: WORDS[code] ?? `system error ${code}` }, { cause })
}

/** Returns the error that describes a failed file system call; null: `error` is no such failure. */
export function fileFailure(error: unknown): AppError | null {
  if (!(error instanceof Error) || !('path' in error) || !('syscall' in error)) return null
  const code = codeOf(error)
  const data = { file: String(error.path), issue: WORDS[code] ?? `system error ${code}` }
  return code === '' ? null : new AppError('file-unusable', data, { cause: error })
}
