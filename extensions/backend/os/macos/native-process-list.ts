// All processes of a Mac by native calls, and the quick scan between two lists. No program is started, but for some arguments
// (known-arguments.ts).
import { nextTurn } from '../../lib/next-turn.ts'
import type { ProcessFact, ProcessTable, QuickScan } from '../process-facts.ts'
import {
  createKnownArguments,
  type KnownArguments,
  type KnownArgumentsDeps,
  YOUNG_MS,
} from './known-arguments.ts'
import { identityOf } from './native-facts.ts'
import type { NativeReader } from './native-reader.ts'

const SLICE = 64

export interface NativeListDeps extends KnownArgumentsDeps {
  reader: Pick<NativeReader, 'pids' | 'process' | 'usage' | 'arguments'>
  ownPid: number
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
  const settled = createSettledPids(now)
  const read = makeFactReader(reader, known)

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
      const { byPid, unread } = await readAll(pids, read)
      await known.readForeign(byPid)
      known.keepOnly(byPid)
      settled.take([...byPid.values()])
      return { isComplete: unread.size === 0 && byPid.has(ownPid) && byPid.has(1), byPid, unread }
    },

    quickScan(watched) {
      const pids = reader.pids()
      if (pids === null) return Promise.resolve({ pids: null, watched: new Map(), young: [] })
      const states = factsOf([...watched]).map(
        ({ pid, identity, runState, cpuMs }) => [pid, { identity, runState, cpuMs }] as const,
      )
      const young = factsOf(settled.othersOf(pids))
      settled.update(pids, young)
      return Promise.resolve({
        pids: pids.includes(ownPid) ? new Set(pids) : null,
        watched: new Map(states),
        young,
      })
    },
  }
}

type FactReading = ProcessFact | 'gone' | 'unread'

const makeFactReader =
  (reader: Pick<NativeReader, 'process' | 'usage'>, known: KnownArguments): ((pid: number) => FactReading) =>
  (pid) => {
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

/** Reads all of them, and lets other work run in between. */
async function readAll(
  pids: readonly number[],
  read: (pid: number) => FactReading,
): Promise<{ byPid: Map<number, ProcessFact>; unread: Set<number> }> {
  const byPid = new Map<number, ProcessFact>()
  const unread = new Set<number>()
  for (const [at, pid] of pids.entries()) {
    if (at % SLICE === SLICE - 1) await nextTurn()
    const fact = read(pid)
    if (fact === 'unread') unread.add(pid)
    else if (fact !== 'gone') byPid.set(pid, fact)
  }
  return { byPid, unread }
}

/** The processes that were listed once and are no longer young. */
interface SettledPids {
  /** Takes the next list. */
  take(facts: readonly ProcessFact[]): void
  othersOf(pids: readonly number[]): readonly number[]
  /** Takes all pids of this moment, and the facts of those that were not settled. */
  update(pids: readonly number[], others: readonly ProcessFact[]): void
}

function createSettledPids(now: () => number): SettledPids {
  let settled: ReadonlySet<number> = new Set()
  const grownOf = (facts: readonly ProcessFact[]): number[] =>
    facts.filter(({ startedAtMs }) => now() - startedAtMs >= YOUNG_MS).map(({ pid }) => pid)
  return {
    take(facts) {
      settled = new Set(grownOf(facts))
    },
    othersOf: (pids) => pids.filter((pid) => !settled.has(pid)),
    update(pids, others) {
      settled = new Set([...pids.filter((pid) => settled.has(pid)), ...grownOf(others)])
    },
  }
}
