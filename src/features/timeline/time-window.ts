// The time that a timeline shows: presets, zoom and movement. Pure.
import type { TimeWindow } from './timeline-input.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
/** One step of zooming in. */
export const ZOOM = 0.6

export const PRESETS = [
  { name: 'Hour', spanMs: HOUR_MS },
  { name: 'Day', spanMs: 24 * HOUR_MS },
  { name: 'Week', spanMs: 7 * 24 * HOUR_MS },
] as const

const LEAST_SPAN_MS = 2 * MINUTE_MS
const MOST_SPAN_MS = 7 * 24 * HOUR_MS

/** What is shown. */
export interface TimeView {
  spanMs: number
  /** Epoch milliseconds; null: it ends now, and moves on. */
  toMs: number | null
}

export const windowOf = ({ spanMs, toMs }: TimeView, nowMs: number): TimeWindow => ({
  fromMs: (toMs ?? nowMs) - spanMs,
  toMs: toMs ?? nowMs,
})

/** Returns the view after a zoom; `factor` below 1 shows less. `share`: what stays in place, 0 the left edge, 1 the right one. */
export function zoomed(view: TimeView, factor: number, share: number, nowMs: number): TimeView {
  const spanMs = Math.min(MOST_SPAN_MS, Math.max(LEAST_SPAN_MS, view.spanMs * factor))
  // At the right edge, now stays now.
  if (view.toMs === null && share > 0.9) return { spanMs, toMs: null }
  const { toMs } = windowOf(view, nowMs)
  return clamped({ spanMs, toMs: toMs + (spanMs - view.spanMs) * (1 - share) }, nowMs)
}

/** Returns the view moved by a share of its span; positive: later. */
export const moved = (view: TimeView, share: number, nowMs: number): TimeView =>
  clamped({ ...view, toMs: windowOf(view, nowMs).toMs + view.spanMs * share }, nowMs)

/** Never later than now, and never earlier than what is kept. */
function clamped({ spanMs, toMs }: { spanMs: number; toMs: number }, nowMs: number): TimeView {
  if (toMs >= nowMs) return { spanMs, toMs: null }
  return { spanMs, toMs: Math.max(toMs, nowMs - MOST_SPAN_MS + spanMs) }
}
