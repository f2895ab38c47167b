// Answers that older Serena versions do not have. Pure.
import type { Capability } from '#contract/details'
import { visibleLine } from '#contract/visible-text'
import { exactTime } from './locale.ts'
import { ago } from './relative-time.ts'

/** Returns the data of an answer; null: none yet, or not available. */
export const dataOf = <Data>(answer: Capability<Data> | undefined): Data | null =>
  answer?.isAvailable ? answer.data : null

/** Returns why the answer is not available, and the first version that supports it; null: it is available, or there is no answer yet. */
export function unavailableReason(answer: Capability<unknown> | undefined): string | null {
  if (answer?.isAvailable !== false) return null
  const why = visibleLine(answer.why)
  return answer.since === null ? why : `${why} Available since Serena ${answer.since}.`
}

/** Returns `2 min ago` and the exact time of a cached answer; null: the answer is fresh. */
export function cachedTime(atMs: number | null, nowMs: number): { ago: string; exact: string } | null {
  if (atMs === null) return null
  const iso = new Date(atMs).toISOString()
  return { ago: ago(iso, nowMs) ?? '', exact: exactTime(iso) }
}
