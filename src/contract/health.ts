// The Health view: what the doctor has found, and the changes that fix it, which the user sees before they are written.
import * as z from 'zod/mini'
import { doctorReportSchema } from './doctor.ts'

export const healthCountSchema = z.object({
  errors: z.number(),
  warnings: z.number(),
  infos: z.number(),
})
export type HealthCount = z.infer<typeof healthCountSchema>

const ignoredSchema = z.object({ id: z.string(), title: z.string(), reason: z.string() })

export const healthSchema = z.object({
  /** When the files were read, ISO 8601. */
  readAt: z.string(),
  report: doctorReportSchema,
  /** Findings that the user does not want to see. */
  ignored: z.array(ignoredSchema),
  /** The files that were read. */
  files: z.array(z.string()),
  /** The latest fix, which can be undone; null: there is none. */
  undo: z.nullable(z.object({ id: z.string(), at: z.string(), files: z.array(z.string()) })),
})
export type Health = z.infer<typeof healthSchema>

const fixFileSchema = z.object({
  file: z.string(),
  /** Display names. */
  clients: z.array(z.string()),
  /** The ids of the findings that it fixes. */
  findings: z.array(z.string()),
  /** It is in a project's folder, where other people may use it as well. */
  isInProject: z.boolean(),
  /** Each line starts with ` `, `+` or `-`; values of unchanged lines are masked. */
  diff: z.array(z.string()),
  /** Identifies the state on disk that was read. */
  etag: z.string(),
  /** Sent with the change, as proof that this diff was shown. */
  hash: z.string(),
  /** Why it cannot be changed; null: it can. */
  problem: z.nullable(z.string()),
  /** What to change by hand instead; empty: nothing. */
  byHand: z.array(z.string()),
})
export type FixFile = z.infer<typeof fixFileSchema>

const restartSchema = z.object({
  client: z.string(),
  pids: z.array(z.number()),
})
/** A running client that sees the change only after a restart. */
export type ClientRestart = z.infer<typeof restartSchema>

export const fixPreviewSchema = z.object({
  files: z.array(fixFileSchema),
  restarts: z.array(restartSchema),
  /** Findings whose fix contradicts another one of these: they are fixed next. */
  postponed: z.array(z.string()),
})
export type FixPreview = z.infer<typeof fixPreviewSchema>

export const fixRequestSchema = z.object({
  ids: z.array(z.string()),
  /** Those of the preview that are changed. */
  files: z.array(z.object({ file: z.string(), etag: z.string(), hash: z.string() })),
})

export const fixedSchema = z.object({
  files: z.array(z.object({ file: z.string(), backup: z.nullable(z.string()) })),
})

export const undoneSchema = z.object({
  restored: z.array(z.string()),
  refused: z.array(z.object({ file: z.string(), why: z.string(), backup: z.nullable(z.string()) })),
})
