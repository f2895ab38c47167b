// All processes of a Mac, and the quick scan between two lists, each from one `ps`.
import type { ProcessFact, ProcessTable, QuickScan } from '../process-facts.ts'
import {
  COLUMNS,
  type Parsed,
  type PsRow,
  parseRows,
  parseScans,
  SCAN_COLUMNS,
  type ScanRow,
} from './parse-ps.ts'
import type { ToolAnswer } from './run-tool.ts'

/** An exec changes the command line but neither pid nor start: younger processes are read again in every scan. */
const YOUNG_MS = 10_000

export type Ps = (args: readonly string[]) => Promise<ToolAnswer | null>

export interface MacosProcessList {
  list(): Promise<ProcessTable>
  quickScan(watched: ReadonlySet<number>): Promise<QuickScan>
  /** One process as it is now; null: it has exited, or ps cannot be run. */
  read(pid: number): Promise<PsRow | null>
  /** Resident bytes as last listed; null: not listed, or not known. */
  rssBytes(process: ProcessFact): number | null
}

/** Creates a list that remembers the last one. */
export function createMacosProcessList(
  ps: Ps,
  ownPid: number = process.pid,
  now: () => number = Date.now,
): MacosProcessList {
  let latest: ReadonlyMap<number, ProcessFact> = new Map()
  /** Identities whose arguments are known and will not change. */
  let settled: ReadonlySet<string> = new Set()

  const isOld = ({ startedAtMs }: { startedAtMs: number }): boolean => now() - startedAtMs >= YOUNG_MS

  return {
    async list() {
      const parsed = await askRows(ps, ['-ax'])
      if (!parsed) return { isComplete: false, byPid: new Map() }
      const byPid = new Map(parsed.rows.map(({ fact }) => [fact.pid, fact]))
      const isComplete = parsed.isWhole && byPid.has(ownPid) && byPid.has(1)
      if (isComplete) {
        latest = byPid
        settled = identitiesOf([...byPid.values()].filter(isOld))
      }
      return { isComplete, byPid }
    },

    async quickScan(watched) {
      const parsed = await ask(ps, ['-ax', '-o', SCAN_COLUMNS], parseScans, ({ pid }) => pid)
      if (!parsed) return { pids: null, watched: new Map(), young: [] }
      const { rows } = parsed
      const isSettled = ({ identity }: ScanRow): boolean => settled.has(identity)
      const young = await readFacts(
        ps,
        rows.filter((row) => !isSettled(row)),
      )
      settled = identitiesOf([...rows.filter(isSettled), ...young.filter(isOld)])
      const isWhole = parsed.isWhole && rows.some(({ pid }) => pid === ownPid)
      return {
        pids: isWhole ? new Set(rows.map(({ pid }) => pid)) : null,
        watched: new Map(
          rows
            .filter(({ pid }) => watched.has(pid))
            .map(({ pid, identity, runState, cpuMs }) => [pid, { identity, runState, cpuMs }]),
        ),
        young,
      }
    },

    async read(pid) {
      const parsed = await askRows(ps, ['-p', String(pid)])
      return parsed?.rows[0] ?? null
    },

    rssBytes({ pid, identity }) {
      const known = latest.get(pid)
      return known?.identity === identity ? known.rssBytes : null
    },
  }
}

const identitiesOf = (facts: readonly { identity: string }[]): ReadonlySet<string> =>
  new Set(facts.map(({ identity }) => identity))

/** Null: ps cannot be run, or cannot do what was asked. */
async function ask<Row>(
  ps: Ps,
  args: readonly string[],
  parse: (text: string) => Parsed<Row>,
  pidOf: (row: Row) => number,
): Promise<Parsed<Row> | null> {
  const answer = await ps(args)
  // Exit code 1 without a message: none of the pids exists. With a message: this ps cannot do what was asked.
  if (!answer || (answer.exitCode !== 0 && answer.stderr !== '')) return null
  const { rows, isWhole } = parse(answer.stdout)
  return { rows: rows.filter((row) => pidOf(row) !== answer.pid), isWhole }
}

const askRows = (ps: Ps, which: readonly string[]): Promise<Parsed<PsRow> | null> =>
  ask(ps, ['-ww', ...which, '-o', COLUMNS], parseRows, ({ fact }) => fact.pid)

/** The facts of these processes; empty where they cannot be read. */
async function readFacts(ps: Ps, rows: readonly ScanRow[]): Promise<readonly ProcessFact[]> {
  if (rows.length === 0) return []
  const parsed = await askRows(ps, ['-p', rows.map(({ pid }) => pid).join(',')])
  return (parsed?.rows ?? []).map(({ fact }) => fact)
}
