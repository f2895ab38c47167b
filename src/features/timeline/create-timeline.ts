// The state of the timeline: what is polled, the shown time, the lanes in it, and how keys and wheel change it.
import { type Accessor, createMemo, createSignal } from 'solid-js'
import type { Instance } from '#contract/instance'
import type { UsageWeek } from '#contract/usage'
import { clockTime } from '../../state/locale.ts'
import { usePage } from '../../state/page-context.ts'
import { createPolled, type Polled } from '../../state/polled.ts'
import type { ChartTick } from '../../ui/time-chart.tsx'
import { timeTicks, zoneOffsetMs } from '../../ui/time-ticks.ts'
import { activeTimes } from './active-times.ts'
import { freedIn, lanesOf } from './lanes.ts'
import { moved, PRESETS, type TimeView, windowOf, ZOOM, zoomed } from './time-window.ts'
import type { Freed, Lane, TimeWindow } from './timeline-input.ts'

const HISTORY_MS = 30_000
const WEEK_MS = 60_000
/** As many as the file holds, nearly always. */
const MOST_RECORDS = 5_000
const TICK_PX = 96

export interface Timeline {
  history: Polled<unknown>
  week: Accessor<UsageWeek | undefined>
  view: Accessor<TimeView>
  setView(view: TimeView): void
  shown: Accessor<TimeWindow>
  lanes: Accessor<readonly Lane[]>
  freed: Accessor<readonly Freed[]>
  ticks: Accessor<readonly ChartTick[]>
  /** Below 1 shows less time; `share`: the place that stays, 0 the left edge. */
  zoom(factor: number, share?: number): void
  /** Moves the shown time by a share of itself. */
  move(share: number): void
  onKey(event: KeyboardEvent): void
  onWheel(event: WheelEvent, share: number): void
}

export function createTimeline(input: {
  instances: () => readonly Instance[]
  /** Each one triggers a poll of the history. */
  changes: () => string
  /** CSS pixels of the time axis. */
  axisPx: () => number
}): Timeline {
  const page = usePage()
  const [view, setView] = createSignal<TimeView>({ spanMs: PRESETS[0].spanMs, toMs: null })
  const { history, week } = createTimelineData(input.changes)
  const shown = createMemo(() => windowOf(view(), page.now()))
  const records = () => history.data()?.records ?? []
  const lanes = createMemo(() =>
    lanesOf(
      {
        records: records(),
        instances: input.instances(),
        activeAtMs: activeTimes(page.usage.all(), week.data(), shown().fromMs),
        nowMs: page.now(),
      },
      shown(),
    ),
  )
  const freed = createMemo(() => freedIn(records(), shown()))
  const ticks = createMemo(() => ticksOf(shown(), input.axisPx() / TICK_PX))
  const zoom = (factor: number, share = 1): void =>
    void setView((now) => zoomed(now, factor, share, page.now()))
  const move = (share: number): void => void setView((now) => moved(now, share, page.now()))
  return {
    history,
    week: week.data,
    view,
    setView,
    shown,
    lanes,
    freed,
    ticks,
    zoom,
    move,
    onKey(event) {
      const reset = (): void => void setView({ spanMs: PRESETS[0].spanMs, toMs: null })
      const action = keyActions(event, zoom, move, reset)
      if (!action) return
      event.preventDefault()
      action()
    },
    onWheel(event, share) {
      const isSideways = Math.abs(event.deltaX) > Math.abs(event.deltaY)
      if (!event.ctrlKey && !event.metaKey && !event.altKey && !isSideways) return
      event.preventDefault()
      if (isSideways) move(event.deltaX / 800)
      else zoom(event.deltaY < 0 ? ZOOM : 1 / ZOOM, Math.min(1, Math.max(0, share)))
    },
  }
}

/** Polls what the timeline shows, while it is shown. `changes`: each one triggers a poll of the history. */
function createTimelineData(changes: () => string) {
  const page = usePage()
  const history = createPolled({
    key: () => 'all',
    isActive: page.isVisible,
    everyMs: HISTORY_MS,
    changes: () => `${changes()} ${page.changes()}`,
    request: (_, signal) => page.backend.call('history', { query: { limit: String(MOST_RECORDS) }, signal }),
  })
  const week = createPolled({
    key: () => 'week',
    isActive: page.isVisible,
    everyMs: WEEK_MS,
    request: (_, signal) => page.backend.call('usageWeek', { signal }),
  })
  return { history, week }
}

/** Null: another key. */
function keyActions(
  { key, shiftKey, ctrlKey, metaKey }: KeyboardEvent,
  zoom: (factor: number) => void,
  move: (share: number) => void,
  reset: () => void,
): (() => void) | null {
  if (ctrlKey || metaKey) return null
  if (key === '+' || key === '=') return () => zoom(ZOOM)
  if (key === '-') return () => zoom(1 / ZOOM)
  if (key === '0') return reset
  if (key === 'PageUp' || (shiftKey && key === 'ArrowLeft')) return () => move(-0.5)
  if (key === 'PageDown' || (shiftKey && key === 'ArrowRight')) return () => move(0.5)
  return null
}

const DAY_MS = 24 * 3_600_000

function ticksOf({ fromMs, toMs }: { fromMs: number; toMs: number }, count: number): ChartTick[] {
  const { stepMs, atMs } = timeTicks(fromMs, toMs, Math.max(2, count), zoneOffsetMs(toMs))
  return atMs.map((at) => ({
    atMs: at,
    text: stepMs >= DAY_MS ? dayWords(at) : clockTime(new Date(at).toISOString()),
  }))
}

const dayWords = (atMs: number): string =>
  new Date(atMs).toLocaleDateString(undefined, { weekday: 'short', day: 'numeric' })
