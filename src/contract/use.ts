// Whether an instance is used: since when no MCP message has been seen, as the page, the command line and an ending say it. Pure.
import type { Instance } from './instance.ts'
import { formatSpan } from './units.ts'

/** What happens so soon after the start belongs to the start itself. */
export const SETTLED_MS = 30_000
/** Only an instance that had so much time is called unused. */
export const UNUSED_MS = 5 * 60_000
/** Shorter breaks are not mentioned. */
export const MENTIONED_MS = 60 * 60_000

type Used = Pick<Instance, 'state' | 'startedAt' | 'lastActivityAt'> & Partial<Pick<Instance, 'quietSince'>>

/** States in which an instance can serve its client; of the others nothing of the kind is said. */
const SERVING: readonly Instance['state'][] = ['live', 'idle', 'no-dashboard']

/** Since when no MCP message has been seen, at the earliest its start, epoch milliseconds; null: it is at work, or not known. */
export function quietSinceMs({ state, startedAt, lastActivityAt, quietSince }: Used): number | null {
  if (!SERVING.includes(state) || startedAt === null) return null
  if (quietSince !== undefined) return quietSince === null ? null : Date.parse(quietSince)
  // A backend of another version says only when the log was written.
  return lastActivityAt === null ? null : Math.max(Date.parse(startedAt), Date.parse(lastActivityAt))
}

/** No MCP message but those of its start has been seen, and its start is over. */
export function isNeverUsed(instance: Used, nowMs: number): boolean {
  const quietMs = quietSinceMs(instance)
  if (quietMs === null || instance.startedAt === null) return false
  const startedAtMs = Date.parse(instance.startedAt)
  return quietMs - startedAtMs <= SETTLED_MS && nowMs - startedAtMs > SETTLED_MS
}

/** No MCP message for at least so long. */
export function isQuietFor(instance: Used, spanMs: number, nowMs: number): boolean {
  const quietMs = quietSinceMs(instance)
  return quietMs !== null && nowMs - quietMs >= spanMs
}

/** `no MCP message for 5 h`; null: there was one within the last hour, or it is not known. */
export function quietWords(instance: Used, nowMs: number): string | null {
  const quietMs = quietSinceMs(instance)
  if (quietMs === null || nowMs - quietMs < MENTIONED_MS) return null
  return `no MCP message for ${formatSpan(nowMs - quietMs)}`
}
