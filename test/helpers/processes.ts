// Processes of a test: identifies them by pid and start time, never by name, checks whether they run, and kills those left behind.
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { windowsParents, windowsStart } from './windows-processes.ts'

export interface ProcessMark {
  pid: number
  /** Its start time as the system counts it, because a pid may be reused. */
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

/**
 * Returns the identity of a running process; null: there is none. A defunct process counts as exited, a process with only its first
 * thread exited does not.
 */
export function markProcess(pid: number): ProcessMark | null {
  try {
    if (process.platform === 'win32') return { pid, start: windowsStart(pid) }
    if (process.platform !== 'linux') return { pid, start: ps(pid, 'lstart') }
    const fields = statFields(pid)
    const isDefunct = fields[0] === 'Z' && Number(fields[17]) < 2
    return isDefunct ? null : { pid, start: fields[19] ?? '' }
  } catch {
    // No such process.
    return null
  }
}

/** Returns false if it has exited or its pid was reused. */
export function isAlive(mark: ProcessMark): boolean {
  return markProcess(mark.pid)?.start === mark.start
}

/** Returns true once SIGSTOP has taken effect. */
export function isStopped({ pid }: ProcessMark): boolean {
  const state = process.platform === 'linux' ? statFields(pid)[0] : ps(pid, 'state')
  return state?.startsWith('T') ?? false
}

/** Sends a signal if it is still the same process; returns false if it has exited. */
export function signalProcess(mark: ProcessMark, signal: NodeJS.Signals): boolean {
  if (!isAlive(mark)) return false
  process.kill(mark.pid, signal)
  return true
}

/** Stops these processes for that time, as a sleeping machine does. */
export async function stopFor(marks: readonly ProcessMark[], ms: number): Promise<void> {
  for (const mark of marks) signalProcess(mark, 'SIGSTOP')
  await new Promise((resolve) => setTimeout(resolve, ms))
  for (const mark of marks) signalProcess(mark, 'SIGCONT')
}

/** Returns the parent pid of each process. */
export function parentsByPid(): Map<number, number> {
  if (process.platform === 'win32') return windowsParents()
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
      // It exited between the two reads.
    }
  }
  return parents
}

/** Returns true for the process itself as well; `parents` maps pid to parent pid. */
export function isDescendantOf(pid: number, ancestor: number, parents: ReadonlyMap<number, number>): boolean {
  for (let at: number | undefined = pid; at !== undefined && at > 1; at = parents.get(at)) {
    if (at === ancestor) return true
  }
  return false
}

/** Returns the process and all its descendants, itself first. */
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
      // It exited at this moment.
    }
  }
}

/** Kills it when the test process exits, if it still runs; returns a function that cancels this. */
export function guardProcess(mark: ProcessMark): () => void {
  if (!isGuarding) process.on('exit', killGuarded)
  isGuarding = true
  guarded.add(mark)
  return () => void guarded.delete(mark)
}
