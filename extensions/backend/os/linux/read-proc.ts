// Small files of /proc, read synchronously into one buffer: many times cheaper than promises (docs/performance.md).
import { closeSync, openSync, readdirSync, readFileSync, readlinkSync, readSync } from 'node:fs'

/** What a read came to: the text; `gone`: no such process any more; `refused`: not ours to read; `failed`: we could not, just now. */
export type ProcText = { kind: 'text'; text: string } | { kind: 'gone' | 'refused' | 'failed' }

const buffer = Buffer.allocUnsafe(64 * 1024)

/** Reads at most 64 KiB of a file of /proc: a longer command line is cut there. */
export function readProc(path: string): ProcText {
  let fd: number
  try {
    fd = openSync(path, 'r')
  } catch (error) {
    return { kind: reasonOf(error) }
  }
  try {
    let length = 0
    for (;;) {
      const got = readSync(fd, buffer, length, buffer.length - length, null)
      length += got
      if (got === 0 || length === buffer.length)
        return { kind: 'text', text: buffer.toString('utf8', 0, length) }
    }
  } catch (error) {
    return { kind: reasonOf(error) }
  } finally {
    closeSync(fd)
  }
}

/** The text, or null for every reason not to have it. */
export function readProcText(path: string): string | null {
  const read = readProc(path)
  return read.kind === 'text' ? read.text : null
}

/** A file that may be longer, such as an environment or a socket table; null for every reason not to have it. */
export function readWhole(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    // Gone, another user's, or we are out of descriptors: unknown.
    return null
  }
}

/** The numeric names in /proc: processes, not threads. Null: the folder cannot be read just now. */
export function listPids(): number[] | null {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
  } catch {
    // Out of descriptors: unknown, and never "no processes".
    return null
  }
}

/** Where a link of /proc points; null: gone or not ours. */
export function readLink(path: string): string | null {
  try {
    return readlinkSync(path)
  } catch {
    // Gone between two reads, or another user's.
    return null
  }
}

/** The threads of a process; empty for every reason not to have them. */
export function listThreads(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map(Number)
  } catch {
    // Gone, or out of descriptors.
    return []
  }
}

/**
 * The descriptors of a process with their targets; null: not readable. Where its first thread has exited, another one is asked: they
 * share them.
 */
export function listDescriptors(pid: number): { fd: number; target: string }[] | null {
  const own = descriptorsIn(`/proc/${pid}/fd`)
  if (own === null || own.length > 0) return own
  for (const tid of listThreads(pid)) {
    const found = tid === pid ? null : descriptorsIn(`/proc/${pid}/task/${tid}/fd`)
    if (found !== null && found.length > 0) return found
  }
  return own
}

function descriptorsIn(folder: string): { fd: number; target: string }[] | null {
  let names: string[]
  try {
    names = readdirSync(folder)
  } catch {
    // Another user's process, gone, or we are out of descriptors.
    return null
  }
  return names.flatMap((name) => {
    const target = readLink(`${folder}/${name}`)
    return target === null ? [] : [{ fd: Number(name), target }]
  })
}

function reasonOf(error: unknown): 'gone' | 'refused' | 'failed' {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOENT' || code === 'ESRCH') return 'gone'
  return code === 'EACCES' || code === 'EPERM' ? 'refused' : 'failed'
}
