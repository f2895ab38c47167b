// All processes of a Mac by native calls, and the quick scan between two lists. No program is started, but for the arguments of another
// user's process that may be a Serena: only `ps`, which runs as root, may read these.
import { nextTurn } from '../../lib/next-turn.ts'
import type { ProcessFact, ProcessTable, QuickScan } from '../process-facts.ts'
import type { NativeProcess } from './native-facts.ts'
import type { NativeReader } from './native-reader.ts'

/** An exec changes arguments and name, but neither pid nor start: of younger processes they are read again in every scan. */
const YOUNG_MS = 10_000
const SLICE = 64
const MAY_BE_SERENA = /^(serena.*|python[\d.]*|pypy[\d.]*|uvx?|pipx)$/i

/** The arguments of processes by `ps`; a pid that is missing has exited, or is hidden from `ps` too. */
export type ForeignArguments = (pids: readonly number[]) => Promise<ReadonlyMap<number, readonly string[]>>

export interface NativeListDeps {
  reader: Pick<NativeReader, 'pids' | 'process' | 'usage' | 'arguments'>
  readForeign: ForeignArguments
  ownPid: number
  /** Epoch milliseconds. */
  now(): number
}

export interface NativeMacosList {
  list(): Promise<ProcessTable>
  quickScan(watched: ReadonlySet<number>): Promise<QuickScan>
  /** The identity of a pid at this moment; null: there is no such process, or it cannot be read. */
  identityOf(pid: number): string | null
}

/** Creates a list that remembers arguments. */
export function createNativeMacosList(deps: NativeListDeps): NativeMacosList {
  const { reader, ownPid, now } = deps
  const known = createKnownArguments(deps)
  /** Listed once and no longer young. */
  let settled: ReadonlySet<number> = new Set()

  const isYoung = ({ startedAtMs }: ProcessFact): boolean => now() - startedAtMs < YOUNG_MS

  function read(pid: number): ProcessFact | 'gone' | 'unread' {
    const process = reader.process(pid)
    if (typeof process === 'string') return process
    const isDefunct = process.runState === 'Z'
    const usage = isDefunct ? null : reader.usage(pid)
    return {
      identity: identityOf(process),
      pid,
      ppid: process.ppid,
      pgid: process.pgid,
      sid: null,
      uid: process.uid,
      startedAtMs: Math.floor(process.startedAtUs / 1000),
      name: process.name,
      argv: isDefunct ? [] : known.of(process),
      runState: process.runState,
      rssBytes: usage?.rssBytes ?? null,
      cpuMs: usage?.cpuMs ?? null,
    }
  }

  const factsOf = (pids: readonly number[]): ProcessFact[] =>
    pids.map(read).filter((fact) => typeof fact !== 'string')

  return {
    identityOf(pid) {
      const process = reader.process(pid)
      return typeof process === 'string' ? null : identityOf(process)
    },

    async list() {
      const pids = reader.pids()
      if (pids === null) return { isComplete: false, byPid: new Map() }
      const byPid = new Map<number, ProcessFact>()
      const unread = new Set<number>()
      for (const [at, pid] of pids.entries()) {
        if (at % SLICE === SLICE - 1) await nextTurn()
        const fact = read(pid)
        if (fact === 'unread') unread.add(pid)
        else if (fact !== 'gone') byPid.set(pid, fact)
      }
      await known.readForeign(byPid)
      known.keepOnly(byPid)
      settled = new Set([...byPid.values()].filter((fact) => !isYoung(fact)).map(({ pid }) => pid))
      return { isComplete: unread.size === 0 && byPid.has(ownPid) && byPid.has(1), byPid, unread }
    },

    quickScan(watched) {
      const pids = reader.pids()
      if (pids === null) return Promise.resolve({ pids: null, watched: new Map(), young: [] })
      const states = factsOf([...watched]).map(
        ({ pid, identity, runState, cpuMs }) => [pid, { identity, runState, cpuMs }] as const,
      )
      const young = factsOf(pids.filter((pid) => !settled.has(pid)))
      const grown = young.filter((fact) => !isYoung(fact)).map(({ pid }) => pid)
      settled = new Set([...pids.filter((pid) => settled.has(pid)), ...grown])
      return Promise.resolve({
        pids: pids.includes(ownPid) ? new Set(pids) : null,
        watched: new Map(states),
        young,
      })
    },
  }
}

/** Pid and start to the microsecond. */
export const identityOf = ({ pid, startedAtUs }: NativeProcess): string => `${pid}:${startedAtUs}`

interface KnownArguments {
  of(process: NativeProcess): readonly string[] | null
  /** Reads those that native calls may not, once for each process, and puts them into the list. */
  readForeign(byPid: Map<number, ProcessFact>): Promise<void>
  /** Forgets all others. */
  keepOnly(byPid: ReadonlyMap<number, ProcessFact>): void
}

interface Known {
  argv: readonly string[] | null
  /** A program that is started by an exec has another name. */
  name: string
  isFinal: boolean
}

function createKnownArguments({ reader, readForeign, now }: NativeListDeps): KnownArguments {
  let known = new Map<string, Known>()
  const asked = new Set<string>()
  return {
    of(process) {
      const identity = identityOf(process)
      const before = known.get(identity)
      if (before?.isFinal && before.name === process.name) return before.argv
      const last = before?.name === process.name ? before.argv : null
      const argv = reader.arguments(process.pid)?.argv ?? last
      const isFinal = now() - process.startedAtUs / 1000 >= YOUNG_MS
      known.set(identity, { argv, name: process.name, isFinal })
      return argv
    },

    async readForeign(byPid) {
      const hidden = [...byPid.values()].filter(
        ({ argv, name, identity }) => argv === null && MAY_BE_SERENA.test(name) && !asked.has(identity),
      )
      if (hidden.length === 0) return
      const found = await readForeign(hidden.map(({ pid }) => pid))
      for (const fact of hidden) {
        asked.add(fact.identity)
        const argv = found.get(fact.pid) ?? null
        if (argv === null) continue
        known.set(fact.identity, { argv, name: fact.name, isFinal: true })
        byPid.set(fact.pid, { ...fact, argv })
      }
    },

    keepOnly(byPid) {
      const running = new Set([...byPid.values()].map(({ identity }) => identity))
      known = new Map([...known].filter(([identity]) => running.has(identity)))
      for (const identity of asked) if (!running.has(identity)) asked.delete(identity)
    },
  }
}
