// Statistics of one instance: calls per tool, and the tokens that Serena estimates.
import { type JSX, Show } from 'solid-js'
import type { Capability, ToolStats } from '#contract/details'
import type { Instance } from '#contract/instance'
import { visibleLine } from '#contract/visible-text'
import { cachedTime, dataOf, unavailableReason } from '../../state/capability.ts'
import { usePage } from '../../state/page-context.ts'
import { type CachedAnswer, createPolled } from '../../state/polled.ts'
import { PollErrorNote } from '../../ui/error-note.tsx'
import { LazyView } from '../../ui/lazy-view.tsx'
import { CachedNote, UnavailableNote } from '../../ui/loading-note.tsx'
import { statsPart } from './stats-part.ts'
import { StatsSkeleton } from './stats-skeleton.tsx'
import './stats-view.css'

const POLL_MS = 5_000

/** The last answers, so that a tab has content immediately when it is opened again. */
const CACHE = new Map<string, CachedAnswer<Capability<ToolStats>>>()

export function StatsView(props: { instance: Instance }): JSX.Element {
  const page = usePage()
  const stats = createPolled({
    key: () => props.instance.id,
    isActive: page.isVisible,
    everyMs: POLL_MS,
    changes: page.changes,
    cache: CACHE,
    request: (id, signal) => page.backend.call('stats', { params: { id }, signal }),
  })
  const clear = (): void =>
    page.open({
      kind: 'confirm',
      title: `Clear the statistics of ${visibleLine(props.instance.title)}?`,
      text: 'All counts are reset to zero. This cannot be undone.',
      action: 'Clear',
      run: async () => {
        await page.backend.call('clearStats', { params: { id: props.instance.id }, body: {} })
        page.changed('Cleared the statistics.')
      },
    })
  return (
    <div class="stats">
      <PollErrorNote error={stats.error()} hasData={stats.data() !== undefined} />
      <CachedNote time={cachedTime(stats.cachedAtMs(), page.now())} />
      <UnavailableNote subject="statistics" reason={unavailableReason(stats.data())} />
      <Show
        when={dataOf(stats.data())}
        fallback={
          <Show when={stats.data() === undefined && stats.error() === null}>
            <StatsSkeleton />
          </Show>
        }
      >
        {(data) => (
          <>
            <LazyView
              of={statsPart}
              with={{ tools: data().tools, ids: [props.instance.id] }}
              skeleton={<StatsSkeleton />}
            />
            {/* After the pictures, so that they do not move it. */}
            <Show when={statsPart.part()}>
              <div class="stats__foot">
                <Show when={data().tools.length > 0}>
                  <button type="button" class="button" onClick={clear}>
                    Clear …
                  </button>
                </Show>
                <Show when={data().estimator}>
                  {(estimator) => <p class="muted">Tokens are estimated with {visibleLine(estimator())}.</p>}
                </Show>
              </div>
            </Show>
          </>
        )}
      </Show>
    </div>
  )
}
