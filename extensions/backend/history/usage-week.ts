// Total memory and activity of the last week, in steps of five minutes of the wall clock. Pure but for what it remembers.
import * as z from 'zod/mini'
import { type UsageWeek, WEEK_STEP_MS } from '#contract/usage'
import { USAGE_FILE_VERSION, USAGE_VERSION } from '#contract/versions'
import type { UsageScan } from '../instances/usage-traces.ts'
import { parseJson } from '../lib/parse-json.ts'
import { createActiveSteps } from './active-steps.ts'
import { createSampleRing } from './sample-ring.ts'

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

/** Creates a log without samples. */
export function createUsageWeekLog(): UsageWeekLog {
  const total = createSampleRing()
  const active = createActiveSteps()
  return {
    take({ atMs, totalMb, active: ids }) {
      const step = stepOf(atMs)
      if (step !== total.last()) {
        total.moveTo(step)
        active.trim(step)
      }
      total.set(step, totalMb)
      for (const id of ids) active.note(id, step)
    },
    read(nowMs) {
      const step = Math.max(stepOf(nowMs), total.last() ?? 0)
      return {
        schema: USAGE_VERSION,
        endsAt: new Date((step + 1) * WEEK_STEP_MS).toISOString(),
        stepMs: WEEK_STEP_MS,
        totalMb: total.until(step),
        active: active.until(step),
      }
    },
    toText() {
      const endStep = total.last()
      if (endStep === null) return null
      const totalMb = total.until(endStep)
      if (active.isEmpty() && totalMb.every((one) => one === null || one === 0)) return null
      return `${JSON.stringify({ schema: USAGE_FILE_VERSION, endStep, totalMb, active: active.until(endStep) })}\n`
    },
    restore(text) {
      const file = parseFile(text)
      if (file === null || total.last() !== null) return
      total.restore(file.endStep, file.totalMb)
      active.restore(file.endStep, file.active)
    },
  }
}

function parseFile(text: string): z.infer<typeof fileSchema> | null {
  const file = parseJson(fileSchema, text)
  return file !== null && Number.isSafeInteger(file.endStep) ? file : null
}

const stepOf = (atMs: number): number => Math.floor(atMs / WEEK_STEP_MS)
