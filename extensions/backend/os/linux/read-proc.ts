// Small files of /proc, read synchronously into one buffer: many times cheaper than promises (docs/dev/performance.md).

import { closeSync, openSync, readdirSync, readFileSync, readlinkSync, readSync } from 'node:fs'
import { codeOf } from '../../lib/error-code.ts'

/** The result of a read: `gone`: no such process; `refused`: no permission; `failed`: it cannot be read just now. */
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

/** Returns the text; null: not readable, for any reason. */
export function readProcText(path: string): string | null {
  const read = readProc(path)
  return read.kind === 'text' ? read.text : null
}

/** Returns a file that may be longer, such as an environment or a socket table; null: not readable, for any reason. */
export function readWhole(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    // Gone, another user's, or we are out of descriptors: unknown.
    return null
  }
}

/** Returns the numeric names in /proc: processes, not threads. Null: the folder cannot be read just now. */
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

/** Returns the target of a link in /proc; null: it does not exist, or no permission. */
export function readLink(path: string): string | null {
  try {
    return readlinkSync(path)
  } catch {
    // Gone between two reads, or another user's.
    return null
  }
}

/** Returns the threads of a process; empty: not readable, for any reason. */
export function listThreads(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map(Number)
  } catch {
    // Gone, or out of descriptors.
    return []
  }
}

/**
 * Returns the descriptors of a process with their targets; null: not readable. Where its first thread has exited, another one is read:
 * they share them. `first`: lower descriptors are skipped.
 */
export function listDescriptors(pid: number, first = 0): { fd: number; target: string }[] | null {
  const own = namesIn(`/proc/${pid}/fd`)
  if (own === null) return null
  const { folder, names } = own.names.length > 0 ? own : (descriptorsOfThread(pid) ?? own)
  return names.flatMap((name) => {
    const fd = Number(name)
    const target = fd < first ? null : readLink(`${folder}/${name}`)
    return target === null ? [] : [{ fd, target }]
  })
}

interface Names {
  folder: string
  names: readonly string[]
}

function descriptorsOfThread(pid: number): Names | null {
  for (const tid of listThreads(pid)) {
    const found = tid === pid ? null : namesIn(`/proc/${pid}/task/${tid}/fd`)
    if (found !== null && found.names.length > 0) return found
  }
  return null
}

function namesIn(folder: string): Names | null {
  try {
    return { folder, names: readdirSync(folder) }
  } catch {
    // Another user's process, exited, or this process is out of descriptors.
    return null
  }
}

function reasonOf(error: unknown): 'gone' | 'refused' | 'failed' {
  const code = codeOf(error)
  if (code === 'ENOENT' || code === 'ESRCH') return 'gone'
  return code === 'EACCES' || code === 'EPERM' ? 'refused' : 'failed'
}
