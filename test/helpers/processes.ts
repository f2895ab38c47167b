// Processes of a test: which one is it, is it gone, and an end for what a test left behind, by pid and start, never by name.
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

export interface ProcessMark {
  pid: number
  /** When it began, as the system counts it: a pid alone may be another's by now. */
  start: string
}

const statFields = (pid: number): string[] => {
  const text = readFileSync(`/proc/${pid}/stat`, 'latin1')
  return text.slice(text.lastIndexOf(')') + 2).split(' ')
}
const ps = (pid: number, column: string): string =>
  execFileSync('ps', ['-o', `${column}=`, '-p', String(pid)], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
  }).trim()

/** Marks a living process; null: there is none (a defunct one counts as gone, one whose first thread alone has exited does not). */
export function markProcess(pid: number): ProcessMark | null {
  try {
    if (process.platform !== 'linux') return { pid, start: ps(pid, 'lstart') }
    const fields = statFields(pid)
    const isDefunct = fields[0] === 'Z' && Number(fields[17]) < 2
    return isDefunct ? null : { pid, start: fields[19] ?? '' }
  } catch {
    // No such process: that is the answer.
    return null
  }
}

/** False as well when the pid belongs to another process by now. */
export function isAlive(mark: ProcessMark): boolean {
  return markProcess(mark.pid)?.start === mark.start
}

/** Sends a signal if it is still the same process; false: it is gone. */
export function signalProcess(mark: ProcessMark, signal: NodeJS.Signals): boolean {
  if (!isAlive(mark)) return false
  process.kill(mark.pid, signal)
  return true
}

/** Pid to parent pid, of all processes. */
export function parentsByPid(): Map<number, number> {
  if (process.platform !== 'linux') {
    const rows = execFileSync('ps', ['-axo', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n')
    return new Map(rows.map((row) => row.trim().split(/\s+/).map(Number) as [number, number]))
  }
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    try {
      parents.set(Number(name), Number(statFields(Number(name))[1]))
    } catch {
      // It ended between the two looks.
    }
  }
  return parents
}

/** True for itself too; `parents`: pid to parent pid. */
export function isDescendantOf(pid: number, ancestor: number, parents: ReadonlyMap<number, number>): boolean {
  for (let at: number | undefined = pid; at !== undefined && at > 1; at = parents.get(at)) {
    if (at === ancestor) return true
  }
  return false
}

/** All that descend from it, itself first. */
export function markTree(root: number): ProcessMark[] {
  const parents = parentsByPid()
  const pids = [
    root,
    ...[...parents.keys()].filter((pid) => pid !== root && isDescendantOf(pid, root, parents)),
  ]
  return pids.map(markProcess).filter((mark) => mark !== null)
}

const guarded = new Set<ProcessMark>()
let isGuarding = false

function killGuarded(): void {
  for (const mark of guarded) {
    try {
      signalProcess(mark, 'SIGKILL')
    } catch {
      // It ended in this very moment.
    }
  }
}

/** Kills it at the exit of the test process if it still lives then; the result gives it up. */
export function guardProcess(mark: ProcessMark): () => void {
  if (!isGuarding) process.on('exit', killGuarded)
  isGuarding = true
  guarded.add(mark)
  return () => void guarded.delete(mark)
}
