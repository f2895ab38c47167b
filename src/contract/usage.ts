// What instances used over time: memory, CPU and calls. Arrays, because the page draws them and asks for them often.
import * as z from 'zod/mini'
import { USAGE_VERSION } from './versions.ts'

/** Distance of two samples of the last hour. */
export const USAGE_STEP_MS = 30_000
/** Samples of the last hour. */
export const USAGE_SAMPLES = 120
/** Distance of two samples of the last week. */
export const WEEK_STEP_MS = 5 * 60_000
/** Samples of the last week. */
export const WEEK_SAMPLES = 7 * 24 * 12

/** Oldest first, the last one ends at `endsAt`; null: not known. Shorter than the span: nothing is known of the time before. */
const samplesSchema = z.array(z.nullable(z.number()))

export const instanceUsageSchema = z.object({
  id: z.string(),
  /** Of the whole tree, in units of 1,000,000 bytes. */
  memoryMb: samplesSchema,
  /** Of the whole tree, 100 = one core. */
  cpuPercent: samplesSchema,
  /** Tool calls in each step; absent: none. */
  calls: z.optional(samplesSchema),
  /** False: 1 stands for one call or more, because only the log shows them. */
  isCounted: z.boolean(),
})
export type InstanceUsage = z.infer<typeof instanceUsageSchema>

/** The last hour. */
export const usageSchema = z.object({
  schema: z.literal(USAGE_VERSION),
  /** ISO 8601. */
  endsAt: z.string(),
  stepMs: z.number(),
  instances: z.array(instanceUsageSchema),
  /** Memory of all instances. */
  totalMb: samplesSchema,
})
export type Usage = z.infer<typeof usageSchema>

/** The last week; it survives restarts of the backend. */
export const usageWeekSchema = z.object({
  schema: z.literal(USAGE_VERSION),
  /** ISO 8601. */
  endsAt: z.string(),
  stepMs: z.number(),
  /** Memory of all instances. */
  totalMb: samplesSchema,
  /** The steps with tool calls of each instance, as distances from the last step: 0 is the last one. */
  active: z.array(z.object({ id: z.string(), steps: z.array(z.number()) })),
})
export type UsageWeek = z.infer<typeof usageWeekSchema>
