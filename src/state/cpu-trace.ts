// What the processor did for each instance lately, as far as this page was looked at: for the small curves in the table.
import { type Accessor, createEffect, createSignal, on } from 'solid-js'
import type { Instance } from '#contract/instance'

/** Percent at each look, oldest first. */
export type CpuTraces = ReadonlyMap<string, readonly number[]>

/** Five minutes of looks that are 10 s apart. */
export const TRACE_LENGTH = 30

/** With one look more; who is gone has no trace any longer. */
export function tracesAfter(
  before: CpuTraces,
  instances: readonly Pick<Instance, 'id' | 'cpuPercent'>[],
): CpuTraces {
  const known = instances.flatMap(({ id, cpuPercent }) =>
    cpuPercent === null ? [] : [[id, [...(before.get(id) ?? []), cpuPercent].slice(-TRACE_LENGTH)] as const],
  )
  return new Map(known)
}

/** The traces of these instances, one look at each tick of the clock. */
export function createCpuTraces(
  now: Accessor<number>,
  instances: Accessor<readonly Instance[]>,
): Accessor<CpuTraces> {
  const [traces, setTraces] = createSignal<CpuTraces>(new Map())
  createEffect(on(now, () => setTraces((before) => tracesAfter(before, instances()))))
  return traces
}

/** The points of an SVG line: the newest look at the right edge, `fullPercent` at the upper one. */
export function tracePoints(
  trace: readonly number[],
  box: { width: number; height: number },
  fullPercent: number,
): string {
  const step = box.width / (TRACE_LENGTH - 1)
  return trace
    .map((percent, at) => {
      const x = box.width - (trace.length - 1 - at) * step
      const y = box.height * (1 - Math.min(1, percent / fullPercent))
      return `${x.toFixed(1)},${y.toFixed(1)}`
    })
    .join(' ')
}
