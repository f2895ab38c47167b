// Writing a file whole or not at all: a new file beside it (never through a file or link that others placed there), flushed, then renamed.
import { randomBytes } from 'node:crypto'
import * as fs from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { codeOf } from '../../lib/error-code.ts'
import { processMayRun } from '../process-may-run.ts'
import { notWritten } from './write-failure.ts'

/** The part of `node:fs` that a write needs; tests let single calls fail. */
export type WriteSystem = Pick<
  typeof fs,
  'openSync' | 'writeSync' | 'fsyncSync' | 'closeSync' | 'renameSync' | 'unlinkSync' | 'readdirSync'
>

const { O_WRONLY, O_CREAT, O_EXCL } = fs.constants
/** Absent on Windows. */
const O_NOFOLLOW = fs.constants.O_NOFOLLOW ?? 0
/** `.NAME.PID.RANDOM.part`: outside of every `*.json` pattern. */
const PART = /^\..+\.(\d+)\.[0-9a-f]{12}\.part$/

/** Returns a new name beside the file for its unfinished content. */
export const partOf = (file: string): string =>
  join(dirname(file), `.${basename(file)}.${process.pid}.${randomBytes(6).toString('hex')}.part`)

interface WriteOptions {
  /** Default: 0600, or less under the umask. */
  mode?: number
  /** The new file gets exactly this mode and group, whatever the umask is. */
  like?: { mode: number; gid: number }
  system?: WriteSystem
}

/** A new content on the disk beside its file: to put it in place needs no more space. */
export interface PreparedWrite {
  /** Replaces the file. AppError `not-written`: the file is unchanged. */
  commit(): void
  /** Removes the content, unless it has replaced the file. */
  discard(): void
}

/**
 * Writes the content to `file` in one step for every reader, with exactly this mode (default 0600). If that fails, the file is
 * unchanged: AppError `not-written` with the reason in words.
 */
export function writeFileWhole(file: string, content: string | Uint8Array, options: WriteOptions = {}): void {
  prepareWrite(file, content, options).commit()
}

/** Writes the content beside the file and flushes it. AppError `not-written`: nothing is left of it. */
export function prepareWrite(
  file: string,
  content: string | Uint8Array,
  { like, mode = like?.mode ?? 0o600, system = fs }: WriteOptions = {},
): PreparedWrite {
  const part = partOf(file)
  let isThere = false
  const discard = (): void => {
    if (isThere) removeQuietly(part, system)
    isThere = false
  }
  const orDiscard = (work: () => void): void => {
    try {
      work()
    } catch (cause) {
      discard()
      throw notWritten(file, cause)
    }
  }
  orDiscard(() => {
    const fd = system.openSync(part, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode)
    isThere = true
    try {
      if (like) makeLike(fd, like)
      writeAll(fd, Buffer.from(content), system)
      system.fsyncSync(fd)
    } finally {
      system.closeSync(fd)
    }
  })
  return {
    commit() {
      orDiscard(() => renameOver(part, file, system))
      isThere = false
    },
    discard,
  }
}

/** Windows has neither. */
function makeLike(fd: number, { mode, gid }: { mode: number; gid: number }): void {
  if (process.platform === 'win32') return
  if (fs.fstatSync(fd).gid !== gid) fs.fchownSync(fd, -1, gid)
  fs.fchmodSync(fd, mode)
}

/** One call may write less than it was given. */
function writeAll(fd: number, bytes: Buffer, system: WriteSystem): void {
  for (let at = 0; at < bytes.length; ) at += system.writeSync(fd, bytes, at, bytes.length - at)
}

/** Windows refuses to rename onto a file that another program holds open (a reader, an antivirus program). */
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
    // The first failure is the one to report; what is left is removed later.
  }
}

/** Removes the parts of writers that were killed in the middle. Those of running writers stay. */
export function removeStaleParts(folder: string, system: WriteSystem = fs): void {
  let names: string[]
  try {
    names = system.readdirSync(folder)
  } catch {
    // No folder: there is nothing to remove.
    return
  }
  for (const name of names) {
    const writer = PART.exec(name)?.[1]
    if (writer !== undefined && !processMayRun(Number(writer))) removeQuietly(join(folder, name), system)
  }
}
