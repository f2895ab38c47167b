// All processes of a Windows machine in one call, and for each new one its command line and user. No program is started.
import type { ProcessFact, ProcessTable, QuickScan } from '../process-facts.ts'
import { createListNotices } from './list-notices.ts'
import type { WindowsCalls } from './native-calls.ts'
import {
  type NativeProcess,
  parseSystemProcesses,
  SYSTEM_PROCESS_INFORMATION,
} from './native-process-info.ts'
import { type FixedFacts, readFixedFacts, readOwnToken } from './native-process-reader.ts'
import { epochMs, STEPS_PER_MS } from './native-strings.ts'
import { elevationRefusal, type TokenFacts, userNumber } from './native-token.ts'
import { lostParents, withTrueParents } from './parse-processes.ts'
import type { WindowsProcessList } from './process-list.ts'
import { splitCommandLine } from './split-command-line.ts'

const FIRST_BYTES = 256 * 1024
const MAX_BYTES = 64 * 1024 * 1024
/** Processes that appear between two calls. */
const SPARE_BYTES = 32 * 1024
const STATUS_INFO_LENGTH_MISMATCH = 0xc000_0004
/** For this long a new process is in every scan, so that two callers both see it; what could not be read of it is read again. */
const YOUNG_MS = 10_000

export interface NativeProcessList extends WindowsProcessList {
  readonly ownUser: number | null
  /** A sentence why the process may not be read or ended; null: it may be, or it is not listed. */
  refusal(process: ProcessFact): string | null
}

/** The facts of a process that are read once. */
interface Known {
  argv: readonly string[] | null
  token: TokenFacts | null
}

export type ReadSystem = () => readonly NativeProcess[] | null

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
  const notices = createListNotices()
  const known = createKnown(readFixed, now)
  let latest: ReadonlyMap<number, ProcessFact> = new Map()
  /** By identity. */
  let parentless: ReadonlyMap<string, string> = new Map()

  const factOf = (process: NativeProcess): ProcessFact => {
    const { argv, token } = known.of(process)
    return {
      ...stateOf(process),
      pid: process.pid,
      ppid: process.parentPid,
      pgid: null,
      sid: null,
      uid: token === null || own.token === null ? null : userNumber(token.sid, own.token.sid),
      startedAtMs: epochMs(process.created) ?? 0,
      name: process.name,
      argv,
      rssBytes: process.privateBytes > 0 ? process.privateBytes : process.workingSetBytes,
    }
  }
  const isYoung = ({ created }: NativeProcess): boolean => now() - (epochMs(created) ?? 0) < YOUNG_MS

  return {
    ownUser: own.token === null ? null : userNumber(own.token.sid, own.token.sid),

    list(): Promise<ProcessTable> {
      const processes = readSystem()
      if (processes === null) return Promise.resolve({ isComplete: false, byPid: new Map() })
      known.keep(processes)
      const facts = processes.map(factOf)
      const byPid = withTrueParents(facts)
      const isComplete = byPid.has(own.pid)
      if (isComplete) {
        latest = byPid
        parentless = lostParents(facts)
        notices.note(byPid)
      }
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
        young: processes.filter(isYoung).map(factOf),
      })
    },

    whyParentless: ({ identity }) => parentless.get(identity) ?? null,

    refusal({ identity, pid }) {
      const facts = known.byIdentity(identity)
      if (facts === null) return null
      if (facts.token === null)
        return `Windows does not allow reading process ${pid}: it belongs to another user or runs with higher privileges.`
      return elevationRefusal(pid, facts.token, own.token?.integrity ?? null)
    },

    rssBytes({ pid, identity }) {
      const fact = latest.get(pid)
      return fact?.identity === identity ? fact.rssBytes : null
    },

    notice: () => notices.text(latest),
  }
}

const identityOf = ({ pid, created }: NativeProcess): string =>
  epochMs(created) === null ? `${pid}:unknown` : `${pid}:${created}`

const stateOf = (process: NativeProcess): Pick<ProcessFact, 'identity' | 'runState' | 'cpuMs'> => ({
  identity: identityOf(process),
  runState: process.runState,
  cpuMs: Number(process.cpuTime) / STEPS_PER_MS,
})

interface KnownFacts {
  of(process: NativeProcess): Known
  byIdentity(identity: string): Known | null
  /** Forgets all others. */
  keep(processes: readonly NativeProcess[]): void
}

/** Command line and user do not change: they are read once, and again while the process is young if they could not be read. */
function createKnown(readFixed: NativeListDeps['readFixed'], now: () => number): KnownFacts {
  let known = new Map<string, Known>()
  const isFinal = (facts: Known, { created }: NativeProcess): boolean =>
    facts.argv !== null || now() - (epochMs(created) ?? 0) >= YOUNG_MS

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
      if (before && isFinal(before, process)) return before
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

/** Creates a reader of all processes that keeps its buffer, which grows with their number. */
export function createSystemReader(
  calls: Pick<WindowsCalls, 'NtQuerySystemInformation' | 'addressOf'>,
): ReadSystem {
  let bytes = Buffer.alloc(FIRST_BYTES)
  return () => {
    for (;;) {
      const needed: [number] = [0]
      const status = calls.NtQuerySystemInformation(SYSTEM_PROCESS_INFORMATION, bytes, bytes.length, needed)
      if (status >>> 0 === STATUS_INFO_LENGTH_MISMATCH && bytes.length < MAX_BYTES)
        bytes = Buffer.alloc(Math.min(Math.max(needed[0] + SPARE_BYTES, bytes.length * 2), MAX_BYTES))
      else if (status < 0) return null
      else return parseSystemProcesses(bytes, calls.addressOf(bytes))
    }
  }
}
