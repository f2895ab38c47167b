// Command line and user of processes. They do not change: they are read once, and again while the process is young if they could not be
// read.
import { identityOf, type NativeProcess } from './native-process-info.ts'
import type { FixedFacts } from './native-process-reader.ts'
import { epochMs } from './native-strings.ts'
import type { TokenFacts } from './native-token.ts'
import { splitCommandLine } from './split-command-line.ts'

/** For this long a new process is in every scan, so that two callers both see it; what could not be read of it is read again. */
const YOUNG_MS = 10_000

/** The facts of a process that are read once. */
export interface Known {
  argv: readonly string[] | null
  token: TokenFacts | null
}

export interface KnownFacts {
  of(process: NativeProcess): Known
  byIdentity(identity: string): Known | null
  /** Forgets all others. */
  keep(processes: readonly NativeProcess[]): void
}

/** Returns true while it may not be known to every caller, nor read as a whole. */
export const isYoung = ({ created }: NativeProcess, nowMs: number): boolean =>
  nowMs - (epochMs(created) ?? 0) < YOUNG_MS

/** Creates a memory without facts. */
export function createKnownFacts(
  readFixed: (process: NativeProcess) => FixedFacts | null,
  now: () => number,
): KnownFacts {
  let known = new Map<string, Known>()

  function read(process: NativeProcess): Known {
    const hasStart = epochMs(process.created) !== null
    const { commandLine = null, token = null } = (hasStart ? readFixed(process) : null) ?? {}
    return { argv: commandLine ? splitCommandLine(commandLine) : null, token }
  }

  return {
    byIdentity: (identity) => known.get(identity) ?? null,
    of(process) {
      const identity = identityOf(process)
      const before = known.get(identity)
      if (before && (before.argv !== null || !isYoung(process, now()))) return before
      const facts = read(process)
      known.set(identity, facts)
      return facts
    },
    keep(processes) {
      const running = new Set(processes.map(identityOf))
      known = new Map([...known].filter(([identity]) => running.has(identity)))
    },
  }
}
