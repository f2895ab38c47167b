// Holds a process by its open stat file, which never comes to mean another process: after the process has exited reads fail, even
// while its pid is in use again.
import { closeSync, openSync, readSync } from 'node:fs'
import type { ProcessFact } from '../process-facts.ts'
import { parseStat, type StatLine } from './parse-proc.ts'
import { readProcText } from './read-proc.ts'
import { runStateOf } from './threads.ts'

/** The most stat files that are kept open; further processes are checked by identity: a tree may have more processes than we may open. */
const MAX_OPEN = 32

const buffer = Buffer.allocUnsafe(4096)

/** How many stat files are open, of all presences that share it. */
export interface StatFiles {
  open: number
}

export interface Presence {
  /** The kernel's state letter of the intended process; null: it has exited. */
  runState(): string | null
  release(): void
}

/** Holds the process of that fact. `identityOf` reads the present identity of a pid. */
export function createPresence(
  { pid, identity }: Pick<ProcessFact, 'pid' | 'identity'>,
  identityOf: (pid: number) => string | null,
  files: StatFiles,
): Presence {
  let handle = files.open < MAX_OPEN ? openStat(pid) : null
  if (handle !== null) files.open++
  // Opened after it was listed: the file may be another process's already.
  let hasExited =
    identityOf(pid) !== identity || (handle !== null && runningState(pid, readStat(handle)) === null)
  return {
    runState() {
      if (hasExited) return null
      const stat = handle === null ? statOf(pid) : readStat(handle)
      const isSame = handle !== null || identityOf(pid) === identity
      const state = runningState(pid, stat)
      hasExited = !isSame || state === null
      return hasExited ? null : state
    },
    release() {
      if (handle === null) return
      closeSync(handle)
      handle = null
      files.open--
    },
  }
}

/** Null: it has exited, or this process is out of descriptors; then each check reads by pid and identity. */
function openStat(pid: number): number | null {
  try {
    return openSync(`/proc/${pid}/stat`, 'r')
  } catch {
    // The next check decides which.
    return null
  }
}

function readStat(handle: number): StatLine | null {
  try {
    return parseStat(buffer.toString('utf8', 0, readSync(handle, buffer, 0, buffer.length, 0)))
  } catch {
    // ESRCH: it has exited.
    return null
  }
}

const statOf = (pid: number): StatLine | null => parseStat(readProcText(`/proc/${pid}/stat`) ?? '')

/** The letter of a running process, also of one whose first thread has exited while others run; null: it has exited. */
function runningState(pid: number, stat: StatLine | null): string | null {
  if (stat === null || stat.runState === 'X') return null
  const state = runStateOf(pid, stat)
  return state === 'Z' || state === 'X' ? null : state
}
