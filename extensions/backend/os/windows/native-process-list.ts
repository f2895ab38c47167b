// All processes of a Windows machine in one call, and for each new one its command line and user. No program is started.
import type { ProcessFact, ProcessTable, QuickScan } from '../process-facts.ts'
import { createKnownFacts, isYoung, type KnownFacts } from './known-facts.ts'
import { createLastList } from './last-list.ts'
import type { WindowsCalls } from './native-calls.ts'
import { identityOf, type NativeProcess } from './native-process-info.ts'
import { type FixedFacts, readFixedFacts, readOwnToken } from './native-process-reader.ts'
import { epochMs, STEPS_PER_MS } from './native-strings.ts'
import { elevationRefusal, type TokenFacts, userNumber } from './native-token.ts'
import { withTrueParents } from './parse-processes.ts'
import type { WindowsProcessList } from './process-list.ts'
import { createSystemReader, type ReadSystem } from './system-reader.ts'

export interface NativeProcessList extends WindowsProcessList {
  readonly ownUser: number | null
  /** A sentence why the process may not be read or ended; null: it may be, or it is not listed. */
  refusal(process: ProcessFact): string | null
}

export interface NativeListDeps {
  readSystem: ReadSystem
  readFixed(process: NativeProcess): FixedFacts | null
  own: { pid: number; token: TokenFacts | null }
  now(): number
}

/** Creates the list of this machine. */
export const createNativeProcessList = (calls: WindowsCalls): NativeProcessList =>
  createProcessListOf({
    readSystem: createSystemReader(calls),
    readFixed: (process) => readFixedFacts(calls, process),
    own: { pid: process.pid, token: readOwnToken(calls) },
    now: () => Date.now(),
  })

/** Creates a list that remembers the last one. */
export function createProcessListOf({ readSystem, readFixed, own, now }: NativeListDeps): NativeProcessList {
  const known = createKnownFacts(readFixed, now)
  const last = createLastList()
  const factOf = (process: NativeProcess): ProcessFact => factFrom(process, known, own.token)

  return {
    ownUser: own.token === null ? null : userNumber(own.token.sid, own.token.sid),

    list(): Promise<ProcessTable> {
      const processes = readSystem()
      if (processes === null) return Promise.resolve({ isComplete: false, byPid: new Map() })
      known.keep(processes)
      const facts = processes.map(factOf)
      const byPid = withTrueParents(facts)
      const isComplete = byPid.has(own.pid)
      if (isComplete) last.take(facts, byPid)
      return Promise.resolve({ isComplete, byPid })
    },

    quickScan(watched): Promise<QuickScan> {
      const processes = readSystem()
      if (processes === null) return Promise.resolve({ pids: null, watched: new Map(), young: [] })
      const states = processes
        .filter(({ pid }) => watched.has(pid))
        .map((process) => [process.pid, stateOf(process)] as const)
      return Promise.resolve({
        pids: processes.some(({ pid }) => pid === own.pid) ? new Set(processes.map(({ pid }) => pid)) : null,
        watched: new Map(states),
        young: processes.filter((one) => isYoung(one, now())).map(factOf),
      })
    },

    refusal({ identity, pid }) {
      const facts = known.byIdentity(identity)
      if (facts === null) return null
      if (facts.token === null)
        return `Windows does not allow reading process ${pid}: it belongs to another user or runs with higher privileges.`
      return elevationRefusal(pid, facts.token, own.token?.integrity ?? null)
    },

    whyParentless: last.whyParentless,
    rssBytes: last.rssBytes,
    notice: last.notice,
  }
}

function factFrom(process: NativeProcess, known: KnownFacts, ownToken: TokenFacts | null): ProcessFact {
  const { argv, token } = known.of(process)
  return {
    ...stateOf(process),
    pid: process.pid,
    ppid: process.parentPid,
    pgid: null,
    sid: null,
    uid: token === null || ownToken === null ? null : userNumber(token.sid, ownToken.sid),
    startedAtMs: epochMs(process.created) ?? 0,
    name: process.name,
    argv,
    rssBytes: process.privateBytes > 0 ? process.privateBytes : process.workingSetBytes,
  }
}

const stateOf = (process: NativeProcess): Pick<ProcessFact, 'identity' | 'runState' | 'cpuMs'> => ({
  identity: identityOf(process),
  runState: process.runState,
  cpuMs: Number(process.cpuTime) / STEPS_PER_MS,
})
