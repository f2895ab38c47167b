// Serena's own programs that are not instances: they serve no client and are never judged or ended.
import * as z from 'zod/mini'

export const HELPER_KINDS = [
  'project-server',
  'indexing',
  'hook',
  'dashboard-viewer',
  'tray-manager',
  'command',
] as const
export type HelperKind = (typeof HELPER_KINDS)[number]

/** One such process with its descendants. Null means not known. */
export const helperProcessSchema = z.object({
  pid: z.number(),
  kind: z.enum(HELPER_KINDS),
  /** `Indexing shop`, `Project server`. */
  title: z.string(),
  /** ISO 8601. */
  startedAt: z.string(),
  /** Of the process and its descendants. */
  memoryBytes: z.nullable(z.number()),
  /** Of the same processes; 100 = one core. */
  cpuPercent: z.nullable(z.number()),
  processCount: z.number(),
})
export type HelperProcess = z.infer<typeof helperProcessSchema>
