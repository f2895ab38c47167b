// All processes of a Mac and the cheap look between two lists, each from one `ps`.
import type { Glance, ProcessFact, ProcessTable } from '../../facts.ts'
import { COLUMNS, LOOK_COLUMNS, type Parsed, type PsRow, parseLooks, parseRows } from './parse-ps.ts'
import type { ToolAnswer } from './run-tool.ts'

/** An exec changes the command line but neither pid nor start: younger ones are read anew in every look. */
const YOUNG_MS = 10_000

export type Ps = (args: readonly string[]) => Promise<ToolAnswer | null>

export interface MacosProcessList {
  list(): Promise<ProcessTable>
  glance(watched: ReadonlySet<number>): Promise<Glance>
  /** One process as it is now; null: gone, or ps could not be asked. */
  read(pid: number): Promise<PsRow | null>
  /** Resident bytes as last listed; null: not listed any more, or not told. */
  rssBytes(process: ProcessFact): number | null
}

/** A list that remembers the last one. */
export function createMacosProcessList(
  ps: Ps,
  ownPid: number = process.pid,
  now: () => number = Date.now,
): MacosProcessList {
  let latest: ReadonlyMap<number, ProcessFact> = new Map()
  /** Those whose arguments are known and will not change. */
  let settled: ReadonlySet<string> = new Set()

  const isYoung = ({ startedAtMs }: { startedAtMs: number }): boolean => now() - startedAtMs < YOUNG_MS

  async function ask<Row>(
    args: readonly string[],
    parse: (text: string) => Parsed<Row>,
    pidOf: (row: Row) => number,
  ): Promise<Parsed<Row> | null> {
    const answer = await ps(args)
    // Exit code 1 with nothing to say: none of the pids exists. With a complaint: this ps cannot do what was asked.
    if (!answer || (answer.exitCode !== 0 && answer.stderr !== '')) return null
    const { rows, isWhole } = parse(answer.stdout)
    return { rows: rows.filter((row) => pidOf(row) !== answer.pid), isWhole }
  }

  const askRows = (which: readonly string[]): Promise<Parsed<PsRow> | null> =>
    ask(['-ww', ...which, '-o', COLUMNS], parseRows, ({ fact }) => fact.pid)

  /** Null: could not be read. */
  async function readYoung(newcomers: readonly number[]): Promise<readonly ProcessFact[] | null> {
    if (newcomers.length === 0) return []
    const parsed = await askRows(['-p', newcomers.join(',')])
    return parsed && parsed.rows.map(({ fact }) => fact)
  }

  return {
    async list() {
      const parsed = await askRows(['-ax'])
      if (!parsed) return { isComplete: false, byPid: new Map() }
      const byPid = new Map(parsed.rows.map(({ fact }) => [fact.pid, fact]))
      const isComplete = parsed.isWhole && byPid.has(ownPid) && byPid.has(1)
      if (isComplete) {
        latest = byPid
        settled = new Set(
          [...byPid.values()].filter((fact) => !isYoung(fact)).map(({ identity }) => identity),
        )
      }
      return { isComplete, byPid }
    },

    async glance(watched) {
      const parsed = await ask(['-ax', '-o', LOOK_COLUMNS], parseLooks, ({ pid }) => pid)
      if (!parsed) return { pids: null, watched: new Map(), young: [] }
      const { rows } = parsed
      const young = await readYoung(
        rows.filter(({ identity }) => !settled.has(identity)).map(({ pid }) => pid),
      )
      const known = rows.filter(({ identity }) => settled.has(identity))
      const grown = (young ?? []).filter((fact) => !isYoung(fact))
      settled = new Set([...known, ...grown].map(({ identity }) => identity))
      const isWhole = parsed.isWhole && rows.some(({ pid }) => pid === ownPid)
      return {
        pids: isWhole ? new Set(rows.map(({ pid }) => pid)) : null,
        watched: new Map(
          rows
            .filter(({ pid }) => watched.has(pid))
            .map(({ pid, identity, runState, cpuMs }) => [pid, { identity, runState, cpuMs }]),
        ),
        young: young ?? [],
      }
    },

    async read(pid) {
      const parsed = await askRows(['-p', String(pid)])
      return parsed?.rows[0] ?? null
    },

    rssBytes({ pid, identity }) {
      const known = latest.get(pid)
      return known?.identity === identity ? known.rssBytes : null
    },
  }
}
