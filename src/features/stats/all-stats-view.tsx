// Stats over all instances: the sums per tool.
import { type JSX, Show } from 'solid-js'
import type { ToolStats } from '#contract/details'
import type { Instance } from '#contract/instance'
import { createPolled } from '../../state/polled.ts'
import { sumTools } from '../../state/tool-sums.ts'
import { Waiting } from '../answer-notes.tsx'
import { usePage } from '../page-context.ts'
import { StatsTable } from './stats-table.tsx'

const POLL_MS = 5_000

export function AllStatsView(props: { instances: readonly Instance[] }): JSX.Element {
  const page = usePage()

  async function statsOf(id: string, signal: AbortSignal): Promise<ToolStats | null> {
    try {
      const answer = await page.backend.call('stats', { params: { id }, signal })
      return answer.isAvailable ? answer.data : null
    } catch {
      // One that ended or hangs is missing from the sum, and counted as missing below.
      return null
    }
  }
  const all = createPolled({
    key: () => 'all',
    isActive: page.isVisible,
    everyMs: POLL_MS,
    changes: page.changes,
    async ask(_, signal) {
      const asked = props.instances.filter(({ port, state }) => port !== null && /live|idle/.test(state))
      const answers = await Promise.all(asked.map(({ id }) => statsOf(id, signal)))
      const known = answers.filter((stats) => stats !== null)
      return { tools: sumTools(known), counted: known.length }
    },
  })
  return (
    <div class="stats">
      <Show when={all.data()} fallback={<Waiting isWaiting words="Asking the instances …" />}>
        {(data) => (
          <>
            <p class="muted">
              Over {data().counted} of {props.instances.length} instances. Each counts from its start, or from
              when its statistics were last cleared.
            </p>
            <StatsTable tools={data().tools} estimator={null} />
          </>
        )}
      </Show>
    </div>
  )
}
