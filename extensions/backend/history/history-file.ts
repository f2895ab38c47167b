// The file of the history: lines are appended and never changed. A full file is renamed to `history.old.jsonl`, which replaces the
// previous one. Several programs may write at once: the backend, `wrap`, and commands that run without a backend.
import * as fs from 'node:fs'
import { join } from 'node:path'
import { AppError } from '#contract/errors'
import { type LockOptions, withFileLock } from '../os/files/file-lock.ts'
import { readRegularFile, readRegularFileFrom } from '../os/files/read-file.ts'
import { secureFolder } from '../os/files/secure-folder.ts'
import { notWritten } from '../os/files/write-failure.ts'

/** Size of each of the two files; together they hold about five thousand records. */
const MAX_BYTES = 1024 * 1024
/** One append may exceed the limit: files are read up to this multiple of it. */
const SLACK = 2

const { O_RDWR, O_APPEND, O_CREAT } = fs.constants
/** Absent on Windows. */
const O_NOFOLLOW = fs.constants.O_NOFOLLOW ?? 0
const O_NONBLOCK = fs.constants.O_NONBLOCK ?? 0

/** Everything before `bytes` of the file with that inode has been read. */
export interface HistoryPosition {
  ino: number
  bytes: number
}

export interface HistoryLines {
  /** Oldest first; the last one may be incomplete. */
  lines: readonly string[]
  position: HistoryPosition
  /** True: only the lines after the requested position. False: all lines. */
  isTail: boolean
}

export interface HistoryFile {
  readonly path: string
  /** Appends whole lines, each with its newline. AppError `not-written`, `state-folder-unsafe`, `file-locked`. */
  append(text: string): Promise<void>
  /** Returns the lines that were appended after a position, or all lines: without a position, and when the file was rotated since. */
  read(after?: HistoryPosition | null): HistoryLines
}

export interface HistoryFileOptions extends Pick<LockOptions, 'hasExited'> {
  folder: string
  maxBytes?: number
}

/** Creates the history in a state folder; no file is created before the first line is written. */
export function createHistoryFile({
  folder,
  hasExited,
  maxBytes = MAX_BYTES,
}: HistoryFileOptions): HistoryFile {
  const path = join(folder, 'history.jsonl')
  const old = join(folder, 'history.old.jsonl')

  function rotate(bytes: number): void {
    const size = fs.lstatSync(path, { throwIfNoEntry: false })?.size ?? 0
    if (size > 0 && size + bytes > maxBytes) fs.renameSync(path, old)
  }

  return {
    path,
    async append(text) {
      secureFolder(folder)
      const bytes = Buffer.from(text)
      await withFileLock(path, { hasExited }, () => {
        try {
          rotate(bytes.length)
          appendTo(path, bytes)
        } catch (cause) {
          throw notWritten(path, cause)
        }
      })
    },
    read(after = null) {
      const tail = after && readTail(path, after, maxBytes * SLACK)
      if (tail) return tail
      const [older, newer] = [old, path].map((file) => readRegularFile(file, maxBytes * SLACK))
      return {
        lines: [older, newer].flatMap((file) => (file?.kind === 'text' ? file.text.split('\n') : [])),
        position: newer?.kind === 'text' ? positionAfter(newer) : NOTHING_READ,
        isTail: false,
      }
    },
  }
}

/** Matches no file. */
const NOTHING_READ: HistoryPosition = { ino: -1, bytes: -1 }

/** Null: the file was rotated, replaced or cut since. */
function readTail(path: string, after: HistoryPosition, maxBytes: number): HistoryLines | null {
  const file = readRegularFileFrom(path, after.bytes, maxBytes)
  if (file.kind !== 'text' || file.ino !== after.ino || file.size < after.bytes) return null
  return { lines: file.text.split('\n'), position: positionAfter(file), isTail: true }
}

/** The position after the last whole line: a line that is being written is read again, as a whole. */
const positionAfter = ({
  ino,
  size,
  text,
}: {
  ino: number
  size: number
  text: string
}): HistoryPosition => ({
  ino,
  bytes: size - Buffer.byteLength(text.slice(text.lastIndexOf('\n') + 1)),
})

/** Never through a link, never into anything but a regular file of this user, and private from now on. */
function appendTo(path: string, bytes: Buffer): void {
  const fd = fs.openSync(path, O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o600)
  try {
    const { size, mode } = checkOwn(fd, path)
    if ((mode & 0o077) !== 0 && process.platform !== 'win32') fs.fchmodSync(fd, 0o600)
    const whole = isTorn(fd, size) ? Buffer.concat([Buffer.from('\n'), bytes]) : bytes
    for (let at = 0; at < whole.length; ) at += fs.writeSync(fd, whole, at, whole.length - at)
  } finally {
    fs.closeSync(fd)
  }
}

function checkOwn(fd: number, path: string): fs.Stats {
  const stats = fs.fstatSync(fd)
  if (!stats.isFile()) throw new AppError('not-written', { file: path, issue: 'it is not a regular file' })
  const ownUid = process.getuid?.()
  if (ownUid !== undefined && stats.uid !== ownUid)
    throw new AppError('not-written', { file: path, issue: 'it belongs to another user' })
  return stats
}

/** Returns whether the last writer was killed in the middle of a line. */
function isTorn(fd: number, size: number): boolean {
  if (size === 0) return false
  const last = Buffer.alloc(1)
  fs.readSync(fd, last, 0, 1, size - 1)
  return last[0] !== 0x0a
}
