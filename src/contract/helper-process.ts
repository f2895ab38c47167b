// Processes of Serena's own programs that are no instance: they serve no client, are never judged, and are never ended.
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

/** One of them, with the processes below it. A null is a fact not known. */
export const helperProcessSchema = z.object({
  pid: z.number(),
  kind: z.enum(HELPER_KINDS),
  /** `Indexing shop`, `Project server`. */
  title: z.string(),
  /** ISO 8601. */
  startedAt: z.string(),
  /** Of the process and all below it. */
  memoryBytes: z.nullable(z.number()),
  /** The same, 100 = one core. */
  cpuPercent: z.nullable(z.number()),
  processCount: z.number(),
})
export type HelperProcess = z.infer<typeof helperProcessSchema>
