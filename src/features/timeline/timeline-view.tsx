// All instances over time: one lane each, and the total memory below. Loaded when it is shown.
import { createMemo, createSignal, type JSX, Show, untrack } from 'solid-js'
import type { Instance } from '#contract/instance'
import { createElementWidth } from '../../state/element-width.ts'
import { usePage } from '../../state/page-context.ts'
import { makePictureCopies } from '../../state/picture-copies.ts'
import { csvOf } from '../../ui/csv.ts'
import { PollErrorNote } from '../../ui/error-note.tsx'
import { Picture } from '../../ui/picture.tsx'
import { pngOf } from '../../ui/picture-png.ts'
import { createTimeline, type Timeline } from './create-timeline.ts'
import { LaneChart, type Spot } from './lane-chart.tsx'
import { Legend } from './legend.tsx'
import { MemoryChart } from './memory-chart.tsx'
import type { Lane } from './timeline-input.ts'
import { TimelineSkeleton } from './timeline-skeleton.tsx'
import { laneWords, momentsOf, rowsOf, summaryWords, timeOf, wordsAt } from './timeline-words.ts'
import { ZoomTools } from './zoom-tools.tsx'
import './timeline.css'

/** More are shown on request: each costs the web engine memory. */
const MOST_LANES = 60

export function TimelineView(props: { instances: readonly Instance[]; changes: string }): JSX.Element {
  const page = usePage()
  let root!: HTMLElement
  const width = createElementWidth(() => root)
  const leftPx = (): number => (width() < 560 ? 132 : 196)
  const timeline = createTimeline({
    instances: () => props.instances,
    changes: () => props.changes,
    axisPx: () => width() - leftPx(),
  })
  const { history, shown, freed, ticks } = timeline
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
        <LanesPicture timeline={timeline} width={width() - 24} leftPx={leftPx()} />
        <MemoryChart
          hour={page.usage.all()}
          week={timeline.week()}
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

function LanesPicture(props: { timeline: Timeline; width: number; leftPx: number }): JSX.Element {
  const page = usePage()
  const timeline = untrack(() => props.timeline)
  const { shown, lanes: all, freed, ticks } = timeline
  const [spot, setSpot] = createSignal<Spot | null>(null)
  const [showsAll, setShowsAll] = createSignal(false)
  const lanes = createMemo(() => (showsAll() ? all() : all().slice(0, MOST_LANES)))
  return (
    <Picture
      title="Timeline"
      summary={summaryWords(all(), freed())}
      rows={() => rowsOf(all())}
      copies={makePictureCopies(page, { draw: pngOf, csv: csvOf })}
      tools={<ZoomTools {...timeline} view={timeline.view()} onView={timeline.setView} />}
    >
      <p class="timeline-view__details" aria-live="polite">
        {detailWords(lanes(), spot(), shown().toMs - shown().fromMs) ?? <Legend />}
      </p>
      <Show when={lanes().length > 0} fallback={<p class="muted">No instance was running in this period.</p>}>
        <LaneChart
          lanes={lanes()}
          window={shown()}
          ticks={ticks()}
          width={props.width}
          leftPx={props.leftPx}
          spot={spot()}
          onSpot={setSpot}
          onOpen={page.select}
          onKey={timeline.onKey}
          onWheel={timeline.onWheel}
          moments={momentsOf}
        />
      </Show>
      <Show when={all().length > lanes().length}>
        <button type="button" class="button" onClick={() => setShowsAll(true)}>
          Show {all().length - lanes().length} more
        </button>
      </Show>
    </Picture>
  )
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
