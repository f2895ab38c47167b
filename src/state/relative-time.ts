// Times relative to now. Pure.
import type { Instance } from '#contract/instance'
import { formatSpan } from '#contract/units'

/** Returns `2 min ago`, `now`; null: unknown. */
export function ago(iso: string | null, nowMs: number): string | null {
  if (iso === null) return null
  const spanMs = nowMs - Date.parse(iso)
  return spanMs < 60_000 ? 'now' : `${formatSpan(spanMs)} ago`
}

/** Returns `< 1 min`, `3 h 12 min`; null: unknown, or the process has exited. */
export function age(
  { startedAt, state }: Pick<Instance, 'startedAt' | 'state'>,
  nowMs: number,
): string | null {
  if (startedAt === null || state === 'dead') return null
  const spanMs = nowMs - Date.parse(startedAt)
  return spanMs < 60_000 ? '< 1 min' : formatSpan(spanMs)
}
