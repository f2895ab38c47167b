// All processes of a Linux machine, and the quick scan between two lists. Read synchronously in slices with a turn of the event loop
// between: a fifth of the time of ps-list, and the loop is never blocked for more than a few milliseconds (docs/dev/performance.md).
import { nextTurn } from '../../lib/next-turn.ts'
import type { ProcessFact, ProcessTable, QuickScan } from '../process-facts.ts'
import { createFactReader, type FactReader } from './fact-reader.ts'
import { listPids } from './read-proc.ts'

const SLICE = 32

export interface ProcessList {
  list(): Promise<ProcessTable>
  quickScan(watched: ReadonlySet<number>): Promise<QuickScan>
  /** The identity of a pid at this moment; null: there is no such process. */
  identityOf(pid: number): string | null
}

/** Creates a list that remembers command lines. */
export function createProcessList(now: () => number = Date.now): ProcessList {
  const reader = createFactReader(now)
  /** Listed once and no longer young. */
  let settled: ReadonlySet<number> = new Set()
  return {
    identityOf: reader.identityOf,

    async list() {
      const pids = listPids()
      if (!pids) return { isComplete: false, byPid: new Map() }
      const { byPid, unread } = await readAll(reader, pids)
      const isComplete = unread.size === 0 && isListingWhole(pids)
      if (isComplete) reader.keepOnly(byPid)
      settled = new Set(pids.filter((pid) => !reader.isYoung(byPid.get(pid))))
      return { isComplete, byPid, unread }
    },

    quickScan(watched) {
      const pids = listPids()
      if (!pids) return Promise.resolve({ pids: null, watched: new Map(), young: [] })
      const bootedAtMs = reader.bootTimeMs()
      const factsOf = (of: readonly number[]): ProcessFact[] =>
        of.map((pid) => reader.read(pid, bootedAtMs)).filter((fact) => fact !== null && fact !== 'failed')
      const unsettled = pids.filter((pid) => !settled.has(pid))
      const states = factsOf([...watched]).map(
        ({ pid, identity, runState, cpuMs }) => [pid, { identity, runState, cpuMs }] as const,
      )
      const young = factsOf(unsettled)
      const grown = young.filter((fact) => !reader.isYoung(fact)).map(({ pid }) => pid)
      settled = new Set([...pids.filter((pid) => settled.has(pid)), ...grown])
      return Promise.resolve({ pids: new Set(pids), watched: new Map(states), young })
    },
  }
}

async function readAll(
  reader: FactReader,
  pids: readonly number[],
): Promise<{ byPid: Map<number, ProcessFact>; unread: Set<number> }> {
  const bootedAtMs = reader.bootTimeMs()
  const byPid = new Map<number, ProcessFact>()
  const unread = new Set<number>()
  for (let i = 0; i < pids.length; i += SLICE) {
    for (const pid of pids.slice(i, i + SLICE)) {
      const fact = reader.read(pid, bootedAtMs)
      if (fact === 'failed') unread.add(pid)
      else if (fact) byPid.set(pid, fact)
    }
    await nextTurn()
  }
  return { byPid, unread }
}

/** With `hidepid` other users' processes are not listed at all: then absence proves nothing. Pid 1 always exists. */
const isListingWhole = (pids: readonly number[]): boolean => pids.includes(process.pid) && pids.includes(1)
