// What is remembered of the work of an instance: its executions, its CPU time, and since when it is unused.
import type { ClientFacts } from '../clients/client-facts.ts'
import type { DashboardWatch } from '../dashboards/dashboard-watch.ts'
import { createExecutionWatch } from '../dashboards/execution-watch.ts'
import type { ProcessFact } from '../os/process-facts.ts'
import { createUseWatch } from './use-watch.ts'

/** Serena's own housekeeping takes one clock tick of 10 ms; more than that in a second is work. */
const CPU_MOVED_MS = 20

export interface WorkMemory {
  /** Null: not known. */
  isExecuting(): boolean | null
  /** The execution that runs; `sinceMs` is monotonic. Null: none, or not known. */
  running(): { name: string; sinceMs: number } | null
  /** Since when no MCP message has been seen, epoch milliseconds; null: it is at work, or not known. */
  quietSinceMs(): number | null
  /** Takes a round; `nowMs` is the wall clock. */
  renewUse(process: ProcessFact, logModifiedAtMs: number | null, nowMs: number): void
  /**
   * Asks for the running execution if that is due, without waiting for the answer. `watch`: a dashboard that answered the last
   * probe: a slow one is not queried more than necessary.
   */
  renewExecution(watch: DashboardWatch | null, client: ClientFacts | null, hasMoved: boolean): void
  /** True when the CPU time moved since the last call. */
  takeCpuChange(cpuMs: number | null): boolean
}

/** Creates the memory of one instance; `now` is monotonic milliseconds. */
export function createWorkMemory({ now, onNews }: { now: () => number; onNews: () => void }): WorkMemory {
  const useWatch = createUseWatch()
  const executions = createExecutionWatch(now)
  let quietSinceMs: number | null = null
  let cpuMs: number | null = null

  return {
    isExecuting: executions.isExecuting,
    running: executions.running,
    quietSinceMs: () => quietSinceMs,
    renewUse(process, logModifiedAtMs, nowMs) {
      quietSinceMs = useWatch.quietSinceMs({
        nowMs,
        startedAtMs: process.startedAtMs,
        logModifiedAtMs,
        cpuMs: process.cpuMs,
        isRunning: executions.running() !== null,
      })
    },
    renewExecution(watch, client, hasMoved) {
      const isClientGone = client !== null && (client.exited !== null || client.closed !== null)
      const isDue = executions.isDue({ hasMoved, isClientGone })
      if (!isDue || watch === null) return
      const before = executions.isExecuting()
      void executions
        .ask(() => watch.connection.executions())
        .then(() => {
          if (executions.isExecuting() !== before) onNews()
        })
    },
    takeCpuChange(nowCpuMs) {
      const hasChanged = cpuMs !== null && nowCpuMs !== null && nowCpuMs - cpuMs >= CPU_MOVED_MS
      cpuMs = nowCpuMs
      return hasChanged
    },
  }
}
