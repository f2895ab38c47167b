// Whether an instance is in use: the time since its last MCP message, for the page, the command line and endings. Pure.
import type { Instance } from './instance.ts'
import { formatSpan } from './units.ts'

/** Activity within this time after the start belongs to the start itself. */
export const SETTLED_MS = 30_000
/** Only an instance that has been quiet for this long is called unused. */
export const UNUSED_MS = 5 * 60_000
/** Shorter breaks are not mentioned. */
export const MENTIONED_MS = 60 * 60_000

type Used = Pick<Instance, 'state' | 'startedAt' | 'lastActivityAt'> & Partial<Pick<Instance, 'quietSince'>>

/** States in which an instance can serve its client; in all other states use is not reported. */
const SERVING: readonly Instance['state'][] = ['live', 'idle', 'no-dashboard']

/** Returns the time of the last MCP message, or of the start, in epoch milliseconds; null: it is working, or not known. */
export function quietSinceMs({ state, startedAt, lastActivityAt, quietSince }: Used): number | null {
  if (!SERVING.includes(state) || startedAt === null) return null
  if (quietSince !== undefined) return quietSince === null ? null : Date.parse(quietSince)
  // A backend of an earlier version reports only when the log was written.
  return lastActivityAt === null ? null : Math.max(Date.parse(startedAt), Date.parse(lastActivityAt))
}

/** Returns whether its only MCP messages are those of its start, which is over. */
export function isNeverUsed(instance: Used, nowMs: number): boolean {
  const quietMs = quietSinceMs(instance)
  if (quietMs === null || instance.startedAt === null) return false
  const startedAtMs = Date.parse(instance.startedAt)
  return quietMs - startedAtMs <= SETTLED_MS && nowMs - startedAtMs > SETTLED_MS
}

/** Returns whether the last MCP message is at least `spanMs` ago. */
export function isQuietFor(instance: Used, spanMs: number, nowMs: number): boolean {
  const quietMs = quietSinceMs(instance)
  return quietMs !== null && nowMs - quietMs >= spanMs
}

/** Returns `no MCP message for 5 h`; null: there was one within the last hour, or it is not known. */
export function quietWords(instance: Used, nowMs: number): string | null {
  const quietMs = quietSinceMs(instance)
  if (quietMs === null || nowMs - quietMs < MENTIONED_MS) return null
  return `no MCP message for ${formatSpan(nowMs - quietMs)}`
}
