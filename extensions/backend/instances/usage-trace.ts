// What one instance used in the last hour: a ring of fixed size. Pure but for what it remembers.
import { USAGE_SAMPLES } from '#contract/usage'

/** What is seen of an instance in one scan. */
export interface UsageSample {
  /** In units of 1,000,000 bytes; null: not known. */
  memoryMb: number | null
  cpuPercent: number | null
  /** Calls since the sample before. */
  calls: number
}

export interface TracedUsage {
  /** Oldest first, at most an hour; unknown samples before the first known one are left out. */
  memoryMb: (number | null)[]
  cpuPercent: (number | null)[]
  calls: number[]
}

export interface UsageTrace {
  /** Takes a sample of a step; steps are counted from any beginning and never decrease. */
  add(step: number, sample: UsageSample): void
  /** Returns the steps until `step`. */
  read(step: number): TracedUsage
}

const UNKNOWN = 0xff_ff_ff_ff
const UNKNOWN_CPU = 0xff_ff
const MOST_CALLS = 0xff
/** Of one sample: memory, CPU and calls. */
const BYTES = 4 + 2 + 1

/** Creates an empty trace: 840 bytes of samples. */
export function createUsageTrace(): UsageTrace {
  const buffer = new ArrayBuffer(USAGE_SAMPLES * BYTES)
  const memory = new Uint32Array(buffer, 0, USAGE_SAMPLES).fill(UNKNOWN)
  const cpu = new Uint16Array(buffer, USAGE_SAMPLES * 4, USAGE_SAMPLES).fill(UNKNOWN_CPU)
  const calls = new Uint8Array(buffer, USAGE_SAMPLES * 6, USAGE_SAMPLES)
  let last = Number.NEGATIVE_INFINITY
  /** CPU readings in the last step: their mean is kept. */
  let readings = 0

  function clear(at: number): void {
    memory[at] = UNKNOWN
    cpu[at] = UNKNOWN_CPU
    calls[at] = 0
  }

  function advance(step: number): void {
    if (step <= last) return
    for (let one = Math.max(last + 1, step - USAGE_SAMPLES + 1); one <= step; one++) clear(placeOf(one))
    last = step
    readings = 0
  }

  return {
    add(step, sample) {
      advance(step)
      const at = placeOf(last)
      if (sample.memoryMb !== null) memory[at] = Math.min(sample.memoryMb, UNKNOWN - 1)
      if (sample.cpuPercent !== null) {
        const before = readings === 0 ? 0 : (cpu[at] ?? 0)
        readings++
        cpu[at] = Math.min(before + (sample.cpuPercent - before) / readings, UNKNOWN_CPU - 1)
      }
      calls[at] = Math.min((calls[at] ?? 0) + sample.calls, MOST_CALLS)
    },
    read(step) {
      const traced: TracedUsage = { memoryMb: [], cpuPercent: [], calls: [] }
      if (last === Number.NEGATIVE_INFINITY) return traced
      for (let one = step - USAGE_SAMPLES + 1; one <= step; one++) {
        const at = placeOf(one)
        const isHeld = one <= last && one > last - USAGE_SAMPLES
        const memoryMb = isHeld && memory[at] !== UNKNOWN ? (memory[at] ?? null) : null
        if (memoryMb === null && traced.memoryMb.length === 0) continue
        traced.memoryMb.push(memoryMb)
        traced.cpuPercent.push(isHeld && cpu[at] !== UNKNOWN_CPU ? (cpu[at] ?? null) : null)
        traced.calls.push(isHeld ? (calls[at] ?? 0) : 0)
      }
      return traced
    },
  }
}

const placeOf = (step: number): number => ((step % USAGE_SAMPLES) + USAGE_SAMPLES) % USAGE_SAMPLES
