// Writing a file whole or not at all: a new file beside it (never through what others planted there), flushed, then renamed.
import { randomBytes } from 'node:crypto'
import * as fs from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { AppError } from '#contract/errors'

/** What of `node:fs` a write needs; tests let single calls fail. */
export type WriteSystem = Pick<
  typeof fs,
  'openSync' | 'writeSync' | 'fsyncSync' | 'closeSync' | 'renameSync' | 'unlinkSync' | 'readdirSync'
>

const { O_WRONLY, O_CREAT, O_EXCL } = fs.constants
/** Absent on Windows. */
const O_NOFOLLOW = fs.constants.O_NOFOLLOW ?? 0
/** `.NAME.PID.RANDOM.part`: outside of every `*.json` pattern. */
const PART = /^\..+\.(\d+)\.[0-9a-f]{12}\.part$/

/** A fresh name beside the file for what is not yet it. */
export const partOf = (file: string): string =>
  join(dirname(file), `.${basename(file)}.${process.pid}.${randomBytes(6).toString('hex')}.part`)

/**
 * Writes the text to `file` in one step for every reader, with exactly this mode (default 0600). The file is as it was before
 * when it fails: AppError `not-written` with the reason in words.
 */
export function writeFileWhole(
  file: string,
  text: string,
  { mode = 0o600, system = fs }: { mode?: number; system?: WriteSystem } = {},
): void {
  const part = partOf(file)
  let isMade = false
  try {
    const fd = system.openSync(part, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode)
    isMade = true
    try {
      writeAll(fd, Buffer.from(text), system)
      system.fsyncSync(fd)
    } finally {
      system.closeSync(fd)
    }
    renameOver(part, file, system)
  } catch (cause) {
    if (isMade) removeQuietly(part, system)
    throw notWritten(file, cause)
  }
}

/** One call may write less than it was given. */
function writeAll(fd: number, bytes: Buffer, system: WriteSystem): void {
  for (let at = 0; at < bytes.length; ) at += system.writeSync(fd, bytes, at, bytes.length - at)
}

/** Windows refuses to rename onto a file that somebody holds open at this moment (a reader, an antivirus program). */
function renameOver(part: string, file: string, system: WriteSystem): void {
  for (const waitMs of [5, 10, 20, 40, 80]) {
    try {
      return system.renameSync(part, file)
    } catch (error) {
      if (process.platform !== 'win32' || !/^(EPERM|EACCES|EBUSY)$/.test(codeOf(error))) throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, waitMs)
    }
  }
  system.renameSync(part, file)
}

function removeQuietly(file: string, system: WriteSystem): void {
  try {
    system.unlinkSync(file)
  } catch {
    // The first failure is the one to tell; what is left is swept away later.
  }
}

/** Removes what writers left behind that were killed in the middle. Those of living writers stay. */
export function sweepParts(folder: string, system: WriteSystem = fs): void {
  let names: string[]
  try {
    names = system.readdirSync(folder)
  } catch {
    // No folder, nothing left behind.
    return
  }
  for (const name of names) {
    const writer = PART.exec(name)?.[1]
    if (writer !== undefined && !isThere(Number(writer))) removeQuietly(join(folder, name), system)
  }
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return codeOf(error) !== 'ESRCH'
  }
}

const WORDS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'a limit on the size of files is reached',
  EROFS: 'the disk is read-only',
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  ENOENT: 'its folder is not there',
  ENOTDIR: 'its folder is not there',
  EISDIR: 'a folder is in its place',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open',
  EEXIST: 'a file is in its place',
  ELOOP: 'a link is in its place',
  ENAMETOOLONG: 'its name is too long',
}

/** What kept a file from being written, as an error with words. */
export function notWritten(file: string, cause: unknown): AppError {
  if (cause instanceof AppError) return cause
  const code = codeOf(cause)
  if (code === '') throw cause
  return new AppError('not-written', { file, issue: WORDS[code] ?? `the system says ${code}` }, { cause })
}

/** A failed call of the system on a file, as an error with words; null: it is none. */
export function fileFailure(error: unknown): AppError | null {
  if (!(error instanceof Error) || !('path' in error) || !('syscall' in error)) return null
  const code = codeOf(error)
  const data = { file: String(error.path), issue: WORDS[code] ?? `the system says ${code}` }
  return code === '' ? null : new AppError('file-unusable', data, { cause: error })
}

/** The system's code of an error (`ENOSPC`); empty: it has none. */
export const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
