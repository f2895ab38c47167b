// What the doctor finds: the entries that start or reach a Serena, and what is wrong with them.
import * as z from 'zod/mini'

const severitySchema = z.enum(['error', 'warning', 'info'])
export type Severity = z.infer<typeof severitySchema>

const doctorEntrySchema = z.object({
  /** In kebab-case: `claude-code`. */
  client: z.string(),
  scope: z.string(),
  file: z.string(),
  name: z.string(),
  transport: z.enum(['stdio', 'http']),
  command: z.nullable(z.array(z.string())),
  url: z.nullable(z.string()),
  env: z.record(z.string(), z.string()),
  /** Null: the client decides by something that cannot be read. */
  enabled: z.nullable(z.boolean()),
})

const findingSchema = z.object({
  /** Stable: kind, client, file and name make it; what was ignored stays ignored. */
  id: z.string(),
  severity: severitySchema,
  client: z.nullable(z.string()),
  file: z.nullable(z.string()),
  /** From 1. */
  line: z.nullable(z.number()),
  /** One sentence. */
  title: z.string(),
  why: z.string(),
  /** What the fix changes; null: only a person can do it. */
  fix: z.nullable(z.string()),
  /** What was seen: file and line, pid, version. */
  evidence: z.array(z.string()),
})
export type Finding = z.infer<typeof findingSchema>

export const DOCTOR_SCHEMA = 1

export const doctorReportSchema = z.object({
  schema: z.literal(DOCTOR_SCHEMA),
  entries: z.array(doctorEntrySchema),
  findings: z.array(findingSchema),
})
export type DoctorReport = z.infer<typeof doctorReportSchema>
