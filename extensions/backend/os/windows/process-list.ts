// All processes of a Windows machine, and the quick scan between two lists, by one PowerShell.
import type { ProcessFact, ProcessTable, QuickScan } from '../process-facts.ts'
import { createLastList, type ListAnswers } from './last-list.ts'
import { withTrueParents } from './parse-processes.ts'
import type { PowerShell } from './powershell.ts'
import { createProcessQueries, type ProcessQueries } from './process-queries.ts'

/** The list of all pids is queried at most this often between two lists. */
const PIDS_EVERY_MS = 2_000
/** For this long a new process is in every scan, so that two callers both see it. */
const YOUNG_MS = 10_000

export interface WindowsProcessList extends ListAnswers {
  list(): Promise<ProcessTable>
  quickScan(watched: ReadonlySet<number>): Promise<QuickScan>
}

export interface ProcessListDeps {
  powerShell: Pick<PowerShell, 'evaluate'>
  ownPid: number
  clock: { wall: () => number; monotonic: () => number }
}

/** Creates a list that remembers the last one. */
export function createWindowsProcessList({ powerShell, ownPid, clock }: ProcessListDeps): WindowsProcessList {
  const queries = createProcessQueries(powerShell)
  const last = createLastList()
  const recent = createYoungProcesses(queries, clock)

  return {
    async list() {
      const parsed = await queries.all()
      if (!parsed) return { isComplete: false, byPid: new Map() }
      const byPid = withTrueParents(parsed.facts)
      const isComplete = parsed.isWhole && byPid.has(ownPid)
      if (isComplete) {
        last.take(parsed.facts, byPid)
        recent.keep(byPid)
      }
      return { isComplete, byPid }
    },

    async quickScan(watched) {
      const facts = (await queries.factsOf([...watched])) ?? []
      const pids = await recent.refresh()
      const states = facts.map(
        ({ pid, identity, runState, cpuMs }) => [pid, { identity, runState, cpuMs }] as const,
      )
      return { pids, watched: new Map(states), young: recent.young() }
    },

    whyParentless: last.whyParentless,
    rssBytes: last.rssBytes,

    notice() {
      const failure = queries.failure()
      return failure === null ? last.notice() : `Cannot list the processes of this machine: ${failure}.`
    },
  }
}

interface YoungProcesses {
  /** Takes the next complete list. */
  keep(byPid: ReadonlyMap<number, ProcessFact>): void
  /** Queries all pids where that is due; null: it is not, or they cannot be read. */
  refresh(): Promise<ReadonlySet<number> | null>
  young(): readonly ProcessFact[]
}

function createYoungProcesses(queries: ProcessQueries, clock: ProcessListDeps['clock']): YoungProcesses {
  let seen: ReadonlySet<number> = new Set()
  let young: readonly ProcessFact[] = []
  let pidsAtMs = Number.NEGATIVE_INFINITY
  const isYoung = ({ startedAtMs }: ProcessFact): boolean => clock.wall() - startedAtMs < YOUNG_MS
  return {
    young: () => young,
    keep(byPid) {
      seen = new Set(byPid.keys())
      young = [...byPid.values()].filter(isYoung)
      pidsAtMs = clock.monotonic()
    },
    async refresh() {
      if (clock.monotonic() - pidsAtMs < PIDS_EVERY_MS) return null
      pidsAtMs = clock.monotonic()
      const pids = await queries.pids()
      if (!pids) return null
      const added = (await queries.factsOf([...pids].filter((pid) => !seen.has(pid)))) ?? []
      young = [...young.filter((fact) => pids.has(fact.pid) && isYoung(fact)), ...added]
      seen = new Set([...[...seen].filter((pid) => pids.has(pid)), ...added.map(({ pid }) => pid)])
      return pids
    },
  }
}
