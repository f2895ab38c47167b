// What the instances used in the last hour, sampled from the scans that take place anyway.
import type { InstanceChanges } from '#contract/events'
import type { HubStatus } from '#contract/hub'
import type { Instance, InstanceList } from '#contract/instance'
import { type InstanceUsage, USAGE_STEP_MS, type Usage } from '#contract/usage'
import { USAGE_VERSION } from '#contract/versions'
import { createSeenCalls } from './seen-calls.ts'
import { createUsageTrace, type UsageTrace } from './usage-trace.ts'

/** One scan in short. */
export interface UsageScan {
  /** Epoch milliseconds. */
  atMs: number
  /** Of all instances. */
  totalMb: number
  /** Ids of instances with a call since the scan before. */
  active: readonly string[]
}

export interface UsageTraces {
  /** Takes the list after a scan. */
  take(list: Pick<InstanceList, 'instances'>): void
  /** Moves the traces of instances that continue under another id. */
  follow(handovers: InstanceChanges['handovers']): void
  /** Returns the last hour; `id`: of that instance alone; null: of all. */
  read(id: string | null): Usage
  /** Calls back with each scan. */
  onScan(take: (scan: UsageScan) => void): void
}

export interface UsageTracesDeps {
  /** Epoch and monotonic milliseconds. The steps follow the monotonic clock: a change of the time moves no sample. */
  clock: { wall: () => number; monotonic: () => number }
  hub: () => HubStatus | null
}

interface Traced {
  trace: UsageTrace
  isCounted: boolean
}

/** Creates traces without samples. */
export function createUsageTraces({ clock, hub }: UsageTracesDeps): UsageTraces {
  const traces = new Map<string, Traced>()
  const total = createUsageTrace()
  const seenCalls = createSeenCalls()
  const takers = new Set<(scan: UsageScan) => void>()
  const stepNow = (): number => Math.floor(clock.monotonic() / USAGE_STEP_MS)
  /** The last step with a scan. */
  let taken = Number.NEGATIVE_INFINITY

  function takeOne(instance: Instance, step: number): boolean {
    const { calls, isCounted } = seenCalls.take(instance, hub())
    const traced = traces.get(instance.id) ?? { trace: createUsageTrace(), isCounted }
    traced.isCounted = isCounted
    traces.set(instance.id, traced)
    traced.trace.add(step, { memoryMb: memoryOf(instance), cpuPercent: instance.cpuPercent, calls })
    return calls > 0
  }

  return {
    take({ instances }) {
      const step = stepNow()
      taken = step
      const active = instances.filter((one) => takeOne(one, step)).map(({ id }) => id)
      const listed = new Set(instances.map(({ id }) => id))
      for (const id of traces.keys()) if (!listed.has(id)) traces.delete(id)
      seenCalls.retain(listed)
      const totalMb = instances.reduce((sum, one) => sum + (memoryOf(one) ?? 0), 0)
      total.add(step, { memoryMb: totalMb, cpuPercent: null, calls: 0 })
      for (const take of takers) take({ atMs: clock.wall(), totalMb, active })
    },
    follow(handovers) {
      for (const { from, to } of handovers) {
        const traced = traces.get(from)
        if (traced) traces.set(to, traced)
        seenCalls.rename(from, to)
      }
    },
    read(id) {
      // The running step is shown from its first scan on.
      const step = Math.max(taken, stepNow() - 1)
      const shown = [...traces].filter(([one]) => id === null || one === id)
      return {
        schema: USAGE_VERSION,
        endsAt: new Date(clock.wall() + (step + 1) * USAGE_STEP_MS - clock.monotonic()).toISOString(),
        stepMs: USAGE_STEP_MS,
        instances: shown.map(([one, { trace, isCounted }]) => usageOf(one, trace.read(step), isCounted)),
        totalMb: total.read(step).memoryMb,
      }
    },
    onScan: (take) => void takers.add(take),
  }
}

/** One that is asleep uses nothing. */
function memoryOf({ state, memoryBytes }: Instance): number | null {
  if (memoryBytes === null) return state === 'asleep' ? 0 : null
  return Math.round(memoryBytes / 1e6)
}

function usageOf(
  id: string,
  { memoryMb, cpuPercent, calls }: ReturnType<UsageTrace['read']>,
  isCounted: boolean,
): InstanceUsage {
  const hasCalls = calls.some((count) => count > 0)
  return { id, memoryMb, cpuPercent, ...(hasCalls && { calls }), isCounted }
}
