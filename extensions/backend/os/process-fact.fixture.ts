// Processes as a platform lists them, for tests.
import type { ProcessDetails, ProcessFact, ProcessTable } from './process-facts.ts'

/** A sleeping process of an ordinary user, named after its program, in a session of its own below init. */
export function processFact(change: Partial<ProcessFact> = {}): ProcessFact {
  const pid = change.pid ?? 20
  const program = change.argv?.[0] ?? 'p'
  return {
    identity: `boot:${pid}:1`,
    pid,
    ppid: 1,
    pgid: pid,
    sid: pid,
    uid: 1000,
    startedAtMs: 0,
    name: program.split(/[\\/]/).at(-1)?.slice(0, 15) ?? '',
    argv: [program],
    runState: 'S',
    rssBytes: 1,
    cpuMs: 0,
    ...change,
  }
}

/** A complete list of these processes. */
export const processTable = (...processes: readonly ProcessFact[]): ProcessTable => ({
  isComplete: true,
  byPid: new Map(processes.map((one) => [one.pid, one])),
})

/** All readable, nothing unusual. */
export const processDetails = (change: Partial<ProcessDetails> = {}): ProcessDetails => ({
  cwd: '/home/ana',
  environment: {},
  tracerPid: 0,
  isFrozen: false,
  isForeignNamespace: false,
  openLogFiles: [],
  ...change,
})
