// Reading files that others may have placed there: regular files only, never through a link, limited in size.

import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { codeOf } from '../../lib/error-code.ts'

const { O_RDONLY } = constants
/** Absent on Windows, where neither links nor FIFOs can be planted this way. */
const O_NOFOLLOW = constants.O_NOFOLLOW ?? 0
const O_NONBLOCK = constants.O_NONBLOCK ?? 0

export type FileText =
  | {
      kind: 'text'
      text: string
      isCut: boolean
      stamp: string
      modifiedAtMs: number
      uid: number
      mode: number
      ino: number
      /** Size of the file in bytes. */
      size: number
    }
  | { kind: 'missing' }
  | { kind: 'refused'; why: string }

/**
 * Reads the text of a regular file, at most `maxBytes` of its beginning. A FIFO or a device never blocks us. `stamp` changes with the
 * file.
 */
export const readRegularFile = (path: string, maxBytes: number): FileText => readPart(path, maxBytes, 0)

/** Reads the same from the end of the file. */
export const readRegularFileEnd = (path: string, maxBytes: number): FileText =>
  readPart(path, maxBytes, 'end')

/** Reads the same from a byte offset on; empty if the file is shorter. */
export const readRegularFileFrom = (path: string, offset: number, maxBytes: number): FileText =>
  readPart(path, maxBytes, offset)

function readPart(path: string, maxBytes: number, start: number | 'end'): FileText {
  let fd: number
  try {
    fd = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
  } catch (error) {
    return whyNot(error)
  }
  try {
    const stats = fstatSync(fd)
    if (!stats.isFile()) return { kind: 'refused', why: 'it is not a regular file' }
    const offset = start === 'end' ? 0 : Math.min(start, stats.size)
    const length = Math.min(stats.size - offset, maxBytes)
    const from = start === 'end' ? stats.size - length : offset
    const buffer = Buffer.alloc(length)
    let filled = 0
    for (let got = 1; got > 0 && filled < length; filled += got)
      got = readSync(fd, buffer, filled, length - filled, from + filled)
    return {
      kind: 'text',
      text: buffer.toString('utf8', 0, filled),
      isCut: stats.size - offset > maxBytes,
      stamp: `${stats.ino}:${stats.size}:${stats.mtimeMs}`,
      modifiedAtMs: stats.mtimeMs,
      uid: stats.uid,
      mode: stats.mode & 0o777,
      ino: stats.ino,
      size: stats.size,
    }
  } catch (error) {
    return whyNot(error)
  } finally {
    closeSync(fd)
  }
}

function whyNot(error: unknown): FileText {
  const code = codeOf(error) || 'unknown error'
  if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'missing' }
  if (code === 'ELOOP' || code === 'EMLINK') return { kind: 'refused', why: 'it is a symbolic link' }
  if (code === 'EACCES' || code === 'EPERM') return { kind: 'refused', why: 'permission denied' }
  return { kind: 'refused', why: `it cannot be read (${code})` }
}
