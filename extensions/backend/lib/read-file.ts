// Reading files that others may have put there: regular files only, never through a link, never more than so much.
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'

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
    }
  | { kind: 'missing' }
  | { kind: 'refused'; why: string }

/** The text of a regular file, at most `maxBytes` of its beginning. A FIFO or a device never blocks us. `stamp` changes with the file. */
export const readRegularFile = (path: string, maxBytes: number): FileText => readPart(path, maxBytes, false)

/** The same of its end. */
export const readRegularFileEnd = (path: string, maxBytes: number): FileText => readPart(path, maxBytes, true)

function readPart(path: string, maxBytes: number, isEnd: boolean): FileText {
  let fd: number
  try {
    fd = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
  } catch (error) {
    return whyNot(error)
  }
  try {
    const stats = fstatSync(fd)
    if (!stats.isFile()) return { kind: 'refused', why: 'it is not a regular file' }
    const length = Math.min(stats.size, maxBytes)
    const from = isEnd ? stats.size - length : 0
    const buffer = Buffer.alloc(length)
    let filled = 0
    for (let got = 1; got > 0 && filled < length; filled += got)
      got = readSync(fd, buffer, filled, length - filled, from + filled)
    return {
      kind: 'text',
      text: buffer.toString('utf8', 0, filled),
      isCut: stats.size > maxBytes,
      stamp: `${stats.ino}:${stats.size}:${stats.mtimeMs}`,
      modifiedAtMs: stats.mtimeMs,
      uid: stats.uid,
      mode: stats.mode & 0o777,
    }
  } catch (error) {
    return whyNot(error)
  } finally {
    closeSync(fd)
  }
}

function whyNot(error: unknown): FileText {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'an unknown error'
  if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'missing' }
  if (code === 'ELOOP' || code === 'EMLINK') return { kind: 'refused', why: 'it is a symbolic link' }
  if (code === 'EACCES' || code === 'EPERM') return { kind: 'refused', why: 'it may not be read' }
  return { kind: 'refused', why: `it could not be read (${code})` }
}
