// Total memory and activity of the last week, in steps of five minutes of the wall clock. Pure but for what it remembers.
import * as z from 'zod/mini'
import { type UsageWeek, WEEK_SAMPLES, WEEK_STEP_MS } from '#contract/usage'
import { USAGE_FILE_VERSION, USAGE_VERSION } from '#contract/versions'
import type { UsageScan } from '../instances/usage-traces.ts'

/** Instances whose activity is kept, those that were active last. */
const MOST_IDS = 64
const UNKNOWN = 0xff_ff_ff_ff

export interface UsageWeekLog {
  take(scan: UsageScan): void
  read(nowMs: number): UsageWeek
  /** Returns it as a file; null: there is nothing to write. */
  toText(): string | null
  /** Takes what an earlier run wrote; an unusable text is ignored. */
  restore(text: string): void
}

const fileSchema = z.object({
  schema: z.literal(USAGE_FILE_VERSION),
  endStep: z.number(),
  totalMb: z.array(z.nullable(z.number())),
  active: z.array(z.object({ id: z.string(), steps: z.array(z.number()) })),
})

/** Creates a log of 8 KB without samples. */
export function createUsageWeekLog(): UsageWeekLog {
  const total = new Uint32Array(WEEK_SAMPLES).fill(UNKNOWN)
  /** The steps of each instance; the instance that was active last is the last one. */
  const active = new Map<string, number[]>()
  let last: number | null = null

  /** Steps in between, and those after a clock that was set back, are unknown. */
  function moveTo(step: number): void {
    if (last === null || Math.abs(step - last) >= WEEK_SAMPLES) total.fill(UNKNOWN)
    else
      for (let one = Math.min(step, last) + 1; one <= Math.max(step, last); one++)
        total[placeOf(one)] = UNKNOWN
    if (last !== step) trim(step)
    last = step
  }

  function trim(step: number): void {
    for (const [id, steps] of active) {
      const kept = steps.filter((one) => one <= step && one > step - WEEK_SAMPLES)
      if (kept.length === 0) active.delete(id)
      else active.set(id, kept)
    }
  }

  function noteActive(id: string, step: number): void {
    const steps = active.get(id) ?? []
    if (steps.at(-1) === step) return
    active.delete(id)
    active.set(id, [...steps, step])
    for (const old of [...active.keys()].slice(0, -MOST_IDS)) active.delete(old)
  }

  function samplesUntil(step: number): (number | null)[] {
    const samples: (number | null)[] = []
    for (let one = step - WEEK_SAMPLES + 1; one <= step; one++) {
      const isHeld = last !== null && one <= last && one > last - WEEK_SAMPLES
      const value = isHeld ? (total[placeOf(one)] ?? UNKNOWN) : UNKNOWN
      if (value !== UNKNOWN || samples.length > 0) samples.push(value === UNKNOWN ? null : value)
    }
    return samples
  }

  const activeUntil = (step: number): UsageWeek['active'] =>
    [...active].map(([id, steps]) => ({
      id,
      steps: steps.map((one) => step - one).filter((one) => one >= 0),
    }))

  return {
    take({ atMs, totalMb, active: ids }) {
      const step = stepOf(atMs)
      if (step !== last) moveTo(step)
      total[placeOf(step)] = totalMb
      for (const id of ids) noteActive(id, step)
    },
    read(nowMs) {
      const step = Math.max(stepOf(nowMs), last ?? 0)
      return {
        schema: USAGE_VERSION,
        endsAt: new Date((step + 1) * WEEK_STEP_MS).toISOString(),
        stepMs: WEEK_STEP_MS,
        totalMb: samplesUntil(step),
        active: activeUntil(step),
      }
    },
    toText() {
      if (last === null) return null
      const totalMb = samplesUntil(last)
      if (active.size === 0 && totalMb.every((one) => one === null || one === 0)) return null
      return `${JSON.stringify({ schema: USAGE_FILE_VERSION, endStep: last, totalMb, active: activeUntil(last) })}\n`
    },
    restore(text) {
      const file = parseFile(text)
      if (file === null || last !== null) return
      last = file.endStep
      file.totalMb.slice(-WEEK_SAMPLES).forEach((value, at, { length }) => {
        if (value !== null) total[placeOf(file.endStep - length + 1 + at)] = value
      })
      for (const { id, steps } of file.active.slice(-MOST_IDS))
        active.set(
          id,
          steps.map((one) => file.endStep - one),
        )
    },
  }
}

function parseFile(text: string): z.infer<typeof fileSchema> | null {
  try {
    const read = z.safeParse(fileSchema, JSON.parse(text))
    return read.success && Number.isSafeInteger(read.data.endStep) ? read.data : null
  } catch {
    return null
  }
}

const stepOf = (atMs: number): number => Math.floor(atMs / WEEK_STEP_MS)
const placeOf = (step: number): number => ((step % WEEK_SAMPLES) + WEEK_SAMPLES) % WEEK_SAMPLES
