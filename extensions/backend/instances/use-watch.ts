// Since when an instance has had no MCP message: by its log, to which every call writes, and by its own CPU time, for a log whose level
// leaves calls out. Pure but for what it remembers.

/** This share of one core, over a round, is work; answering a dashboard's pages takes less. */
const BUSY_SHARE = 0.1
/** CPU time before that is the start: modules are loaded, language servers are started. */
const STARTED_MS = 2 * 60_000
/** A shorter span is not meaningful. */
const LEAST_SPAN_MS = 500

export interface UseFacts {
  /** Epoch milliseconds. */
  nowMs: number
  startedAtMs: number
  /** Null: there is no log to be read. */
  logModifiedAtMs: number | null
  /** Of the instance's own process. */
  cpuMs: number | null
  /** An execution runs. */
  isRunning: boolean
}

export interface UseWatch {
  /** Epoch milliseconds, at the earliest its start; null: it is at work, or not known. */
  quietSinceMs(facts: UseFacts): number | null
}

/** Watches one instance; called once per round. */
export function createUseWatch(): UseWatch {
  let busyAtMs = Number.NEGATIVE_INFINITY
  let last: { cpuMs: number; atMs: number } | null = null

  function takeCpu({ cpuMs, nowMs, startedAtMs }: UseFacts): void {
    if (cpuMs === null) return
    if (last === null) {
      last = { cpuMs, atMs: nowMs }
      return
    }
    const spanMs = nowMs - last.atMs
    if (spanMs < LEAST_SPAN_MS) return
    const isBusy = (cpuMs - last.cpuMs) / spanMs >= BUSY_SHARE
    if (isBusy && last.atMs - startedAtMs >= STARTED_MS) busyAtMs = nowMs
    last = { cpuMs, atMs: nowMs }
  }

  return {
    quietSinceMs(facts) {
      takeCpu(facts)
      const { startedAtMs, logModifiedAtMs, isRunning } = facts
      if (isRunning || logModifiedAtMs === null) return null
      return Math.max(startedAtMs, logModifiedAtMs, busyAtMs)
    },
  }
}
