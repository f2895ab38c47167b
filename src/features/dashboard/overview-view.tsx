// Overview: the sections of Serena's dashboard, with Serena's own names.
import { createMemo, type JSX, Show } from 'solid-js'
import type { Capability, Overview } from '#contract/details'
import type { Instance } from '#contract/instance'
import { cachedTime, dataOf, unavailableReason } from '../../state/capability.ts'
import { usePage } from '../../state/page-context.ts'
import { type CachedAnswer, createPolled } from '../../state/polled.ts'
import { PollErrorNote } from '../../ui/error-note.tsx'
import { CachedNote, UnavailableNote } from '../../ui/loading-note.tsx'
import { News } from './news.tsx'
import { OpenOnLaunchQuestion } from './open-on-launch.tsx'
import { AvailableColumn, CurrentColumns } from './overview-columns.tsx'
import { type Folding, OverviewSection } from './overview-section.tsx'
import { OverviewSkeleton } from './overview-skeleton.tsx'
import './overview-view.css'

const OVERVIEW_MS = 5_000

/** The last answers, so that a tab has content immediately when it is opened again. */
const CACHE = new Map<string, CachedAnswer<Capability<Overview>>>()

export interface OverviewParts {
  memories: (overview: () => Overview) => JSX.Element
  history: () => JSX.Element
}

export function OverviewView(props: {
  instance: Instance
  folding: Folding
  parts: OverviewParts
}): JSX.Element {
  const page = usePage()
  const overview = createPolled({
    key: () => props.instance.id,
    isActive: page.isVisible,
    everyMs: OVERVIEW_MS,
    changes: page.changes,
    cache: CACHE,
    request: (id, signal) => page.backend.call('overview', { params: { id }, signal }),
  })
  const known = createMemo(() => dataOf(overview.data()))
  const isAnswered = (): boolean => overview.data() !== undefined || overview.error() !== null
  return (
    <div class="overview">
      <PollErrorNote error={overview.error()} hasData={overview.data() !== undefined} />
      <CachedNote time={cachedTime(overview.cachedAtMs(), page.now())} />
      <UnavailableNote subject="configuration" reason={unavailableReason(overview.data())} />
      <Show
        when={known()}
        fallback={
          <Show when={!isAnswered()}>
            <OverviewSkeleton />
          </Show>
        }
      >
        {(facts) => (
          <>
            <News instance={props.instance} />
            <Show when={facts().opensDashboardOnLaunch === 'undecided'}>
              <OpenOnLaunchQuestion instance={props.instance} />
            </Show>
            <div class="overview__columns">
              <CurrentColumns
                instance={props.instance}
                overview={facts()}
                folding={props.folding}
                memories={() => props.parts.memories(facts)}
              />
              <AvailableColumn instance={props.instance} overview={facts()} folding={props.folding} />
            </div>
          </>
        )}
      </Show>
      {/* Rendered after the first answer, so that it does not move down. */}
      <Show when={isAnswered()}>
        <OverviewSection name="History" folding={props.folding}>
          {props.parts.history()}
        </OverviewSection>
      </Show>
    </div>
  )
}
