// The helper processes of a round, with their memory and CPU, of the homes in scope.
import type { HelperProcess } from '#contract/helper-process'
import { HOME_VARIABLES } from '../lib/serena-home.ts'
import type { ProcessSource, ProcessTable } from '../os/process-facts.ts'
import { homeOfInstance } from '../serena/home-of-instance.ts'
import type { SerenaProcess } from '../serena/serena-process.ts'
import { findHelpers } from './helper-processes.ts'
import { MEMORY_STEP_BYTES } from './present.ts'
import { createUsageMeter } from './usage.ts'

export interface HelperWatch {
  /** Takes a round; `nowMs` is monotonic. */
  renew(table: ProcessTable, serenas: readonly SerenaProcess[], nowMs: number): Promise<void>
  /** Oldest first. */
  known(): HelperProcess[]
}

/** Creates a watch of the helper processes. `isInScope`: null is a home that is not known. */
export function createHelperWatch(
  source: Pick<ProcessSource, 'details' | 'memory'>,
  isInScope: (serenaHome: string | null) => boolean,
): HelperWatch {
  const meter = createUsageMeter(source)
  let helpers: HelperProcess[] = []
  return {
    async renew(table, serenas, nowMs) {
      const found = findHelpers(table, serenas)
      const next: HelperProcess[] = []
      for (const { process, kind, title, tree } of found) {
        // Without a limit to some homes nothing needs to be read for this.
        if (!isInScope(null)) {
          const { environment, cwd } = await source.details(process, HOME_VARIABLES)
          if (!isInScope(homeOfInstance(environment, cwd, null))) continue
        }
        const { memory, cpuPercent, processCount } = await meter.measure(tree, nowMs)
        next.push({
          pid: process.pid,
          kind,
          title,
          startedAt: new Date(process.startedAtMs).toISOString(),
          memoryBytes: memory && Math.round(memory.bytes / MEMORY_STEP_BYTES) * MEMORY_STEP_BYTES,
          cpuPercent: cpuPercent === null ? null : Math.round(cpuPercent),
          processCount,
        })
      }
      meter.retain(new Set(found.flatMap(({ tree }) => tree.map(({ identity }) => identity))))
      helpers = next.sort((a, b) => a.startedAt.localeCompare(b.startedAt) || a.pid - b.pid)
    },
    known: () => helpers,
  }
}
