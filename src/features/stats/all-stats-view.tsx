// Statistics summed over all instances.
import { type JSX, Show } from 'solid-js'
import type { ToolStats } from '#contract/details'
import type { Instance } from '#contract/instance'
import { dataOf } from '../../state/capability.ts'
import { usePage } from '../../state/page-context.ts'
import { createPolled } from '../../state/polled.ts'
import { sumTools } from '../../state/tool-sums.ts'
import { LoadingNote } from '../../ui/loading-note.tsx'
import { StatsTable } from './stats-table.tsx'

const POLL_MS = 5_000

export function AllStatsView(props: { instances: readonly Instance[] }): JSX.Element {
  const page = usePage()

  async function statsOf(id: string, signal: AbortSignal): Promise<ToolStats | null> {
    try {
      return dataOf(await page.backend.call('stats', { params: { id }, signal }))
    } catch {
      // An instance that exited or hangs is excluded from the sum and from the count below.
      return null
    }
  }
  const all = createPolled({
    key: () => 'all',
    isActive: page.isVisible,
    everyMs: POLL_MS,
    changes: page.changes,
    async request(_, signal) {
      const polled = props.instances.filter(({ port, state }) => port !== null && /live|idle/.test(state))
      const answers = await Promise.all(polled.map(({ id }) => statsOf(id, signal)))
      const known = answers.filter((stats) => stats !== null)
      return { tools: sumTools(known), counted: known.length }
    },
  })
  return (
    <div class="stats">
      <Show when={all.data()} fallback={<LoadingNote isLoading />}>
        {(data) => (
          <>
            <p class="muted">
              Includes {data().counted} of {props.instances.length} instances. Each instance counts from its
              start, or from the time its statistics were cleared.
            </p>
            <StatsTable tools={data().tools} estimator={null} />
          </>
        )}
      </Show>
    </div>
  )
}
