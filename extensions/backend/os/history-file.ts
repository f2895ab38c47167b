// The history's file: lines are appended and never changed. When it is full it becomes the old one, and the one before that is
// thrown away. Several programs may write it: the backend and command lines without one.
import * as fs from 'node:fs'
import { join } from 'node:path'
import { AppError } from '#contract/errors'
import { readRegularFile } from '../lib/read-file.ts'
import { type LockOptions, withFileLock } from './file-lock.ts'
import { secureFolder } from './state-file.ts'
import { notWritten } from './write-file.ts'

/** Two files of so much: some five thousand records. */
const MAX_BYTES = 1024 * 1024
/** What one append may be at most beyond that. */
const SLACK = 2

const { O_RDWR, O_APPEND, O_CREAT } = fs.constants
/** Absent on Windows. */
const O_NOFOLLOW = fs.constants.O_NOFOLLOW ?? 0
const O_NONBLOCK = fs.constants.O_NONBLOCK ?? 0

export interface HistoryFile {
  readonly path: string
  /** Appends whole lines, each with its newline. AppError `not-written`, `state-folder-unsafe`, `file-locked`. */
  append(text: string): Promise<void>
  /** All lines, oldest first; the last one may be torn. `stamp` changes with them. */
  read(): { lines: readonly string[]; stamp: string }
}

export interface HistoryFileOptions extends Pick<LockOptions, 'isGone'> {
  folder: string
  maxBytes?: number
}

/** The history in that state folder; nothing is made before the first line is written. */
export function createHistoryFile({ folder, isGone, maxBytes = MAX_BYTES }: HistoryFileOptions): HistoryFile {
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
      await withFileLock(path, { isGone }, () => {
        try {
          rotate(bytes.length)
          appendTo(path, bytes)
        } catch (cause) {
          throw notWritten(path, cause)
        }
      })
    },
    read() {
      const files = [old, path].map((file) => readRegularFile(file, maxBytes * SLACK))
      return {
        lines: files.flatMap((file) => (file.kind === 'text' ? file.text.split('\n') : [])),
        stamp: files.map((file) => (file.kind === 'text' ? file.stamp : file.kind)).join(),
      }
    },
  }
}

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

/** Whoever wrote last was stopped in the middle of a line. */
function isTorn(fd: number, size: number): boolean {
  if (size === 0) return false
  const last = Buffer.alloc(1)
  fs.readSync(fd, last, 0, 1, size - 1)
  return last[0] !== 0x0a
}
