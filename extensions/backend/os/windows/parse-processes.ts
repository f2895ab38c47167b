// The JSON of Win32_Process from PowerShell -> facts. Pure.
import * as z from 'zod/mini'
import { jsonValue } from '../../lib/json-value.ts'
import type { ProcessFact } from '../process-facts.ts'
import { epochMs, STEPS_PER_MS } from './native-strings.ts'
import { splitCommandLine } from './split-command-line.ts'

const processId = z.int().check(z.minimum(0), z.maximum(0xffff_ffff))
const unknownAsNull = <Schema extends z.ZodMiniType>(schema: Schema) => z.catch(z.nullable(schema), null)
const amount = unknownAsNull(z.number().check(z.minimum(0)))

/** One process as `process-queries.ts` requests it; short names, because a machine has hundreds. */
const processRow = z.object({
  p: processId,
  pp: processId,
  n: unknownAsNull(z.string()),
  /** Null without the right to read that process's memory. */
  c: unknownAsNull(z.string()),
  /** Start as FILETIME in UTC, in a string because it is beyond what a JSON number holds. */
  s: unknownAsNull(z.string().check(z.regex(/^\d{1,19}$/))),
  /** Working set in bytes. */
  w: amount,
  /** Kernel and user time in 100 ns. */
  k: amount,
  u: amount,
})
type ProcessRow = z.infer<typeof processRow>

export interface ParsedProcesses {
  facts: readonly ProcessFact[]
  /** False: not JSON, not a list, no process in it, or an empty row: absence then proves nothing. */
  isWhole: boolean
}

/** Returns the processes of an answer; ConvertTo-Json gives a lone one without its array. */
export function parseProcesses(text: string): ParsedProcesses {
  const rows = rowsIn(text)
  const facts = rows
    .map((row) => processRow.safeParse(row))
    .filter((parsed) => parsed.success)
    .map(({ data }) => factOf(data))
  return { facts, isWhole: facts.length > 0 && facts.length === rows.length }
}

/** Returns the pids of an answer `[4,88]`; null: it is none. */
export function parsePids(text: string): ReadonlySet<number> | null {
  const parsed = z.array(processId).check(z.minLength(1)).safeParse(jsonValue(text))
  return parsed.success ? new Set(parsed.data) : null
}

/**
 * Windows keeps the number of a parent that ended and gives it out again: a parent that began after its child is another
 * process, and the child's parent becomes 0 (the idle process, which starts nothing).
 */
export function withTrueParents(facts: readonly ProcessFact[]): ReadonlyMap<number, ProcessFact> {
  const byPid = new Map(facts.map((fact) => [fact.pid, fact]))
  for (const fact of facts) {
    const parent = byPid.get(fact.ppid)
    if (parent && parent.startedAtMs > fact.startedAtMs) byPid.set(fact.pid, { ...fact, ppid: 0 })
  }
  return byPid
}

/** Returns, by identity, a sentence for each process whose parent has exited. The list must be complete. */
export function lostParents(facts: readonly ProcessFact[]): ReadonlyMap<string, string> {
  const byPid = new Map(facts.map((fact) => [fact.pid, fact]))
  return new Map(
    facts.flatMap(({ identity, pid, ppid, startedAtMs }): [string, string][] => {
      const parent = byPid.get(ppid)
      if (pid === 0 || ppid === 0) return []
      if (!parent) return [[identity, `Process ${ppid}, which started it, has exited.`]]
      const isLater = parent.startedAtMs > startedAtMs
      return isLater
        ? [[identity, `Process ${ppid}, which started it, has exited; another process has that pid now.`]]
        : []
    }),
  )
}

function factOf({ p, pp, n, c, s, w, k, u }: ProcessRow): ProcessFact {
  const startedAtMs = s === null ? null : epochMs(BigInt(s))
  return {
    // Without its start a process cannot be distinguished from the next one of that pid: it is listed and never matched.
    identity: startedAtMs === null ? `${p}:unknown` : `${p}:${s}`,
    pid: p,
    ppid: pp,
    pgid: null,
    sid: null,
    uid: null,
    startedAtMs: startedAtMs ?? 0,
    name: n ?? '',
    argv: c === null || c === '' || startedAtMs === null ? null : splitCommandLine(c),
    runState: null,
    rssBytes: w,
    cpuMs: k === null || u === null ? null : (k + u) / STEPS_PER_MS,
  }
}

function rowsIn(text: string): readonly unknown[] {
  const json = jsonValue(text)
  if (Array.isArray(json)) return json
  return typeof json === 'object' && json !== null ? [json] : []
}
