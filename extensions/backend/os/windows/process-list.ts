// All processes of a Windows machine and the cheap look between two lists, asked of one PowerShell.
import type { Glance, ProcessFact, ProcessTable } from '../../facts.ts'
import { lostParents, parsePids, parseProcesses, withTrueParents } from './parse-processes.ts'
import type { PowerShell } from './powershell.ts'
import { PIDS_PER_QUERY, pidsQuery, processesQuery } from './process-queries.ts'

/** The whole list of pids is asked for at most so often between two lists. */
const PIDS_EVERY_MS = 2_000
/** For so long a newcomer is told in every look, so that two who look both hear of it. */
const YOUNG_MS = 10_000
/** Programs that a Serena may be; their command lines are missed, those of services are not. */
const MAY_BE_SERENA = /^(serena.*|python[\d.]*w?|pypy[\d.]*w?|uvx?|uvw|pipx)\.exe$/i

export interface WindowsProcessList {
  list(): Promise<ProcessTable>
  glance(watched: ReadonlySet<number>): Promise<Glance>
  /** Why the parent that a process names is not its parent any more, in a sentence; null: it is, or that is not known. */
  whyParentless(process: ProcessFact): string | null
  /** The working set as last listed; null: not that process any more, or not told. */
  rssBytes(process: ProcessFact): number | null
  /** What the user should know of what cannot be read; null: nothing. */
  notice(): string | null
}

export interface ProcessListDeps {
  powerShell: Pick<PowerShell, 'evaluate'>
  ownPid: number
  clock: { wall: () => number; monotonic: () => number }
}

/** A list that remembers the last one. */
export function createWindowsProcessList({ powerShell, ownPid, clock }: ProcessListDeps): WindowsProcessList {
  let latest: ReadonlyMap<number, ProcessFact> = new Map()
  /** By identity. */
  let parentless: ReadonlyMap<string, string> = new Map()
  let seen: ReadonlySet<number> = new Set()
  let newcomers: readonly ProcessFact[] = []
  let pidsAtMs = Number.NEGATIVE_INFINITY
  let failure: string | null = null
  let unreadable: ReadonlySet<string> = new Set()
  let missed: readonly ProcessFact[] = []

  /** The answer, or null with the reason kept for the notice. */
  async function ask<Value>(expression: string, parse: (text: string) => Value): Promise<Value | null> {
    try {
      const value = parse(await powerShell.evaluate(expression))
      failure = null
      return value
    } catch (error) {
      // PowerShell cannot be run or does not answer: unknown, and the notice says so.
      failure = error instanceof Error ? error.message : String(error)
      return null
    }
  }

  /** The facts of those of `pids` that exist; null: could not be asked. */
  async function factsOf(pids: readonly number[]): Promise<readonly ProcessFact[] | null> {
    const facts: ProcessFact[] = []
    for (let i = 0; i < pids.length; i += PIDS_PER_QUERY) {
      const parsed = await ask(processesQuery(pids.slice(i, i + PIDS_PER_QUERY)), parseProcesses)
      if (!parsed) return null
      facts.push(...parsed.facts)
    }
    return facts
  }

  const isYoung = ({ startedAtMs }: ProcessFact): boolean => clock.wall() - startedAtMs < YOUNG_MS

  function keep(byPid: ReadonlyMap<number, ProcessFact>): void {
    latest = byPid
    seen = new Set(byPid.keys())
    newcomers = [...byPid.values()].filter(isYoung)
    pidsAtMs = clock.monotonic()
    const unread = [...byPid.values()].filter(({ argv, name }) => argv === null && MAY_BE_SERENA.test(name))
    // A process that just ends has no command line either: only what is unreadable twice is missed.
    missed = unread.filter(({ identity }) => unreadable.has(identity))
    unreadable = new Set(unread.map(({ identity }) => identity))
  }

  async function findNewcomers(): Promise<ReadonlySet<number> | null> {
    pidsAtMs = clock.monotonic()
    const pids = await ask(pidsQuery(), parsePids)
    if (!pids) return null
    const arrived = (await factsOf([...pids].filter((pid) => !seen.has(pid)))) ?? []
    newcomers = [...newcomers.filter((fact) => pids.has(fact.pid) && isYoung(fact)), ...arrived]
    seen = new Set([...[...seen].filter((pid) => pids.has(pid)), ...arrived.map(({ pid }) => pid)])
    return pids
  }

  return {
    async list() {
      const parsed = await ask(processesQuery(), parseProcesses)
      if (!parsed) return { isComplete: false, byPid: new Map() }
      const byPid = withTrueParents(parsed.facts)
      if (byPid.size === 0) failure = 'the answer of PowerShell is no list of processes'
      const isComplete = parsed.isWhole && byPid.has(ownPid)
      if (isComplete) keep(byPid)
      if (isComplete) parentless = lostParents(parsed.facts)
      return { isComplete, byPid }
    },

    async glance(watched) {
      const facts = (await factsOf([...watched])) ?? []
      const isDue = clock.monotonic() - pidsAtMs >= PIDS_EVERY_MS
      const pids = isDue ? await findNewcomers() : null
      return {
        pids,
        watched: new Map(
          facts.map(({ pid, identity, runState, cpuMs }) => [pid, { identity, runState, cpuMs }]),
        ),
        young: newcomers,
      }
    },

    whyParentless: ({ identity }) => parentless.get(identity) ?? null,

    rssBytes({ pid, identity }) {
      const known = latest.get(pid)
      return known?.identity === identity ? known.rssBytes : null
    },

    notice() {
      if (failure !== null) return `The processes of this machine cannot be listed: ${failure}.`
      const all = [...latest.values()]
      if (all.length > 0 && all.every(({ argv }) => argv === null))
        return `The command lines of all ${all.length} processes cannot be read; Serenas among them are not found.`
      if (missed.length === 0) return null
      const names = [...new Set(missed.map(({ name }) => name))].sort().join(', ')
      const whose = missed.length === 1 ? 'line of 1 process' : `lines of ${missed.length} processes`
      return `The command ${whose} (${names}) cannot be read; Serenas among them are not found.`
    },
  }
}
