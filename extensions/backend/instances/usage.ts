// Memory and CPU of a tree. PSS counts shared pages once; where one process of the tree cannot be read that way, the whole tree is
// summed by RSS, so that one number is never a mixture.
import type { MemoryReading, ProcessFact, ProcessSource } from '../os/process-facts.ts'

/** A reading is kept this long, or until the resident size moved by a twentieth: reading PSS walks the page tables. */
const KEEP_MS = 120_000
const MOVED_SHARE = 0.05

export interface TreeUsage {
  memory: MemoryReading | null
  /** 100 = one core; null until there are two readings. */
  cpuPercent: number | null
  processCount: number
}

export interface UsageMeter {
  measure(tree: readonly ProcessFact[], nowMs: number): Promise<TreeUsage>
  /** Forgets every process that is not in `alive`. */
  retain(alive: ReadonlySet<string>): void
}

interface Kept {
  reading: MemoryReading | null
  rssBytes: number | null
  atMs: number
}

/** Creates a meter that remembers readings between rounds. `nowMs` is monotonic. */
export function createUsageMeter(source: Pick<ProcessSource, 'memory'>): UsageMeter {
  const kept = new Map<string, Kept>()
  const cpu = new Map<string, { cpuMs: number; atMs: number }>()

  async function memoryOf(process: ProcessFact, nowMs: number): Promise<MemoryReading | null> {
    const before = kept.get(process.identity)
    if (before && nowMs - before.atMs < KEEP_MS && !hasMoved(before.rssBytes, process.rssBytes))
      return before.reading
    const reading = await source.memory(process)
    kept.set(process.identity, { reading, rssBytes: process.rssBytes, atMs: nowMs })
    return reading
  }

  function cpuSince(process: ProcessFact, nowMs: number): { usedMs: number; spanMs: number } | null {
    if (process.cpuMs === null) return null
    const before = cpu.get(process.identity)
    cpu.set(process.identity, { cpuMs: process.cpuMs, atMs: nowMs })
    return before ? { usedMs: process.cpuMs - before.cpuMs, spanMs: nowMs - before.atMs } : null
  }

  return {
    async measure(tree, nowMs) {
      const readings: (MemoryReading | null)[] = []
      let cpuPercent: number | null = null
      for (const process of tree) {
        readings.push(await memoryOf(process, nowMs))
        const since = cpuSince(process, nowMs)
        if (since && since.spanMs > 0) cpuPercent = (cpuPercent ?? 0) + (100 * since.usedMs) / since.spanMs
      }
      return { memory: sumMemory(tree, readings), cpuPercent, processCount: tree.length }
    },
    retain(alive) {
      for (const identity of kept.keys()) if (!alive.has(identity)) kept.delete(identity)
      for (const identity of cpu.keys()) if (!alive.has(identity)) cpu.delete(identity)
    },
  }
}

function sumMemory(
  tree: readonly ProcessFact[],
  readings: readonly (MemoryReading | null)[],
): MemoryReading | null {
  const known = readings.filter((reading) => reading !== null)
  if (known.length === 0) return null
  if (known.every(({ kind }) => kind === 'pss'))
    return { bytes: known.reduce((sum, { bytes }) => sum + bytes, 0), kind: 'pss' }
  return { bytes: tree.reduce((sum, { rssBytes }) => sum + (rssBytes ?? 0), 0), kind: 'rss' }
}

function hasMoved(before: number | null, now: number | null): boolean {
  if (before === null || now === null) return before !== now
  return Math.abs(now - before) > before * MOVED_SHARE
}
