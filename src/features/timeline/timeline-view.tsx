// All instances over time: one lane each, and the total memory below. Loaded when it is shown.
import { createMemo, createSignal, For, type JSX, Show } from 'solid-js'
import type { Instance } from '#contract/instance'
import { createElementWidth } from '../../state/element-width.ts'
import { clockTime } from '../../state/locale.ts'
import { usePage } from '../../state/page-context.ts'
import { makePictureCopies } from '../../state/picture-copies.ts'
import { createPolled } from '../../state/polled.ts'
import { csvOf } from '../../ui/csv.ts'
import { PollErrorNote } from '../../ui/error-note.tsx'
import { Picture } from '../../ui/picture.tsx'
import { pngOf } from '../../ui/picture-png.ts'
import type { ChartTick } from '../../ui/time-chart.tsx'
import { timeTicks, zoneOffsetMs } from '../../ui/time-ticks.ts'
import { activeTimes } from './active-times.ts'
import { LaneChart, type Spot } from './lane-chart.tsx'
import { freedIn, lanesOf } from './lanes.ts'
import { Legend } from './legend.tsx'
import { MemoryChart } from './memory-chart.tsx'
import { moved, PRESETS, type TimeView, windowOf, zoomed } from './time-window.ts'
import type { Lane } from './timeline-input.ts'
import { TimelineSkeleton } from './timeline-skeleton.tsx'
import { laneWords, momentsOf, rowsOf, summaryWords, timeOf, wordsAt } from './timeline-words.ts'
import './timeline.css'

const HISTORY_MS = 30_000
const WEEK_MS = 60_000
/** As many as the file holds, nearly always. */
const MOST_RECORDS = 5_000
/** More are shown on request: each costs the web engine memory. */
const MOST_LANES = 60
const ZOOM = 0.6
const TICK_PX = 96

export function TimelineView(props: { instances: readonly Instance[]; changes: string }): JSX.Element {
  const page = usePage()
  let root!: HTMLElement
  const width = createElementWidth(() => root)
  const [view, setView] = createSignal<TimeView>({ spanMs: PRESETS[0].spanMs, toMs: null })
  const [spot, setSpot] = createSignal<Spot | null>(null)
  const [showsAll, setShowsAll] = createSignal(false)
  const { history, week } = createTimelineData(() => props.changes)
  const shown = createMemo(() => windowOf(view(), page.now()))
  const all = createMemo(() =>
    lanesOf(
      {
        records: history.data()?.records ?? [],
        instances: props.instances,
        activeAtMs: activeTimes(page.usage.all(), week.data(), shown().fromMs),
        nowMs: page.now(),
      },
      shown(),
    ),
  )
  const lanes = createMemo(() => (showsAll() ? all() : all().slice(0, MOST_LANES)))
  const freed = createMemo(() => freedIn(history.data()?.records ?? [], shown()))
  const leftPx = (): number => (width() < 560 ? 132 : 196)
  const ticks = createMemo(() => ticksOf(shown(), (width() - leftPx()) / TICK_PX))
  const zoom = (factor: number, share = 1): void =>
    void setView((now) => zoomed(now, factor, share, page.now()))
  const move = (share: number): void => void setView((now) => moved(now, share, page.now()))
  const onKey = (event: KeyboardEvent): void => {
    const action = keyActions(event, zoom, move, () => setView({ spanMs: PRESETS[0].spanMs, toMs: null }))
    if (action) {
      event.preventDefault()
      action()
    }
  }
  const onWheel = (event: WheelEvent, share: number): void => {
    const isSideways = Math.abs(event.deltaX) > Math.abs(event.deltaY)
    if (!event.ctrlKey && !event.metaKey && !event.altKey && !isSideways) return
    event.preventDefault()
    if (isSideways) move(event.deltaX / 800)
    else zoom(event.deltaY < 0 ? ZOOM : 1 / ZOOM, Math.min(1, Math.max(0, share)))
  }
  return (
    <div class="timeline-view" ref={(element) => (root = element)}>
      <PollErrorNote error={history.error()} hasData={history.data() !== undefined} />
      <Show
        when={history.data()}
        fallback={
          <Show when={history.error() === null}>
            <TimelineSkeleton />
          </Show>
        }
      >
        <Picture
          title="Timeline"
          summary={summaryWords(all(), freed())}
          rows={() => rowsOf(all())}
          copies={makePictureCopies(page, { draw: pngOf, csv: csvOf })}
          tools={<ZoomTools view={view()} onView={setView} zoom={zoom} move={move} />}
        >
          <p class="timeline-view__details" aria-live="polite">
            {detailWords(lanes(), spot(), shown().toMs - shown().fromMs) ?? <Legend />}
          </p>
          <Show
            when={lanes().length > 0}
            fallback={<p class="muted">No instance was running in this time.</p>}
          >
            <LaneChart
              lanes={lanes()}
              window={shown()}
              ticks={ticks()}
              width={width() - 24}
              leftPx={leftPx()}
              spot={spot()}
              onSpot={setSpot}
              onOpen={page.select}
              onKey={onKey}
              onWheel={onWheel}
              moments={momentsOf}
            />
          </Show>
          <Show when={all().length > lanes().length}>
            <button type="button" class="button" onClick={() => setShowsAll(true)}>
              Show {all().length - lanes().length} more
            </button>
          </Show>
        </Picture>
        <MemoryChart
          hour={page.usage.all()}
          week={week.data()}
          window={shown()}
          freed={freed()}
          ticks={ticks()}
          width={width() - 24}
          leftPx={leftPx()}
        />
      </Show>
    </div>
  )
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

function ZoomTools(props: {
  view: TimeView
  onView: (view: TimeView) => void
  zoom: (factor: number) => void
  move: (share: number) => void
}): JSX.Element {
  return (
    <span class="timeline-view__zoom" role="group" aria-label="Shown time">
      <For each={PRESETS}>
        {({ name, spanMs }) => (
          <button
            type="button"
            class="button button--small"
            aria-pressed={props.view.spanMs === spanMs && props.view.toMs === null}
            onClick={() => props.onView({ spanMs, toMs: null })}
          >
            {name}
          </button>
        )}
      </For>
      <button
        type="button"
        class="button button--small"
        aria-label="Earlier"
        onClick={() => props.move(-0.5)}
      >
        ‹
      </button>
      <button type="button" class="button button--small" aria-label="Later" onClick={() => props.move(0.5)}>
        ›
      </button>
      <button
        type="button"
        class="button button--small"
        aria-label="Zoom in"
        title="Also +, or the wheel with Ctrl"
        onClick={() => props.zoom(ZOOM)}
      >
        +
      </button>
      <button
        type="button"
        class="button button--small"
        aria-label="Zoom out"
        title="Also -, or the wheel with Ctrl"
        onClick={() => props.zoom(1 / ZOOM)}
      >
        −
      </button>
    </span>
  )
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

/** A mark is reached within this share of the shown time. */
const NEAR_SHARE = 1 / 100

/** Null: nothing is chosen. */
function detailWords(lanes: readonly Lane[], spot: Spot | null, spanMs: number): string | null {
  const lane = lanes[spot?.lane ?? -1]
  if (!lane || !spot) return null
  if (!Number.isFinite(spot.atMs)) return laneWords(lane)
  return `${timeOf(spot.atMs)} · ${lane.title} · ${wordsAt(lane, spot.atMs, spanMs * NEAR_SHARE)}`
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
