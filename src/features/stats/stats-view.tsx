// Stats: how often each tool was called, and the tokens that went in and out as Serena estimates them.
import { type JSX, Show } from 'solid-js'
import type { Capability, ToolStats } from '#contract/details'
import type { Instance } from '#contract/instance'
import { createPolled, type Remembered } from '../../state/polled.ts'
import { Absent, AsOf, Problem, Waiting } from '../answer-notes.tsx'
import { shown } from '../instance-words.ts'
import { usePage } from '../page-context.ts'
import { StatsTable } from './stats-table.tsx'

const POLL_MS = 5_000

/** What each tab showed last. */
const STATS = new Map<string, Remembered<Capability<ToolStats>>>()

export function StatsView(props: { instance: Instance }): JSX.Element {
  const page = usePage()
  const stats = createPolled({
    key: () => props.instance.id,
    isActive: page.isVisible,
    everyMs: POLL_MS,
    changes: page.changes,
    memory: STATS,
    ask: (id, signal) => page.backend.call('stats', { params: { id }, signal }),
  })
  const clear = (): void =>
    page.open({
      kind: 'confirm',
      title: `Clear the statistics of ${shown(props.instance.title)}?`,
      text: 'All counts begin at zero again. They cannot be brought back.',
      action: 'Clear',
      run: async () => {
        await page.backend.call('clearStats', { params: { id: props.instance.id }, body: {} })
        page.changed('Cleared the statistics.')
      },
    })
  const known = (): ToolStats | null => {
    const answer = stats.data()
    return answer?.isAvailable ? answer.data : null
  }
  return (
    <div class="stats">
      <Problem error={stats.error()} isStale={stats.data() !== undefined} />
      <AsOf atMs={stats.rememberedAtMs()} />
      <Absent answer={stats.data()} what="statistics" />
      <Waiting isWaiting={stats.data() === undefined && stats.error() === null} />
      <Show when={known()}>
        {(data) => (
          <>
            <StatsTable tools={data().tools} estimator={data().estimator} />
            <Show when={data().tools.length > 0}>
              <div>
                <button type="button" class="button" onClick={clear}>
                  Clear …
                </button>
              </div>
            </Show>
          </>
        )}
      </Show>
    </div>
  )
}
