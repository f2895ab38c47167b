// Statistics summed over all instances.
import { createMemo, createSignal, type JSX, Show } from 'solid-js'
import type { ToolStats } from '#contract/details'
import type { Instance } from '#contract/instance'
import { inBatches } from '../../state/batched-results.ts'
import { dataOf } from '../../state/capability.ts'
import { usePage } from '../../state/page-context.ts'
import { createPolled } from '../../state/polled.ts'
import { sumTools } from '../../state/tool-sums.ts'
import { LazyView } from '../../ui/lazy-view.tsx'
import { statsPart } from './stats-part.ts'
import { StatsSkeleton } from './stats-skeleton.tsx'
import './stats-view.css'

const POLL_MS = 5_000
/** Answers that arrive within this time are shown together. */
const BATCH_MS = 300

type KnownStats = ReadonlyMap<string, ToolStats>

export function AllStatsView(props: { instances: readonly Instance[] }): JSX.Element {
  const page = usePage()
  /** Null: no instance has answered yet. */
  const [known, setKnown] = createSignal<KnownStats | null>(null)

  async function statsOf(id: string, signal: AbortSignal): Promise<readonly [string, ToolStats] | null> {
    try {
      const stats = dataOf(await page.backend.call('stats', { params: { id }, signal }))
      return stats === null ? null : [id, stats]
    } catch {
      // An instance that exited or hangs is excluded from the sum and from the count below.
      return null
    }
  }
  createPolled({
    key: () => 'all',
    isActive: page.isVisible,
    everyMs: POLL_MS,
    changes: page.changes,
    async request(_, signal) {
      const polled = props.instances.filter(({ port, state }) => port !== null && /live|idle/.test(state))
      const answered = new Map<string, ToolStats>()
      await inBatches(
        polled.map(({ id }) => statsOf(id, signal)),
        BATCH_MS,
        (batch) => {
          for (const [id, stats] of batch) answered.set(id, stats)
          // One that does not answer delays nothing: the others are shown meanwhile.
          if (!signal.aborted) setKnown((before) => new Map([...(before ?? []), ...answered]))
        },
      )
      if (!signal.aborted) setKnown(answered)
    },
  })
  const counted = createMemo(() => {
    const stats = known()
    return stats === null ? null : props.instances.filter(({ id }) => stats.has(id)).map(({ id }) => id)
  })
  const tools = createMemo(() =>
    sumTools((counted() ?? []).map((id) => known()?.get(id)).filter((stats) => stats !== undefined)),
  )
  return (
    <div class="stats">
      <Show when={counted()} fallback={<StatsSkeleton />}>
        {(ids) => (
          <>
            <LazyView of={statsPart} with={{ tools: tools(), ids: ids() }} skeleton={<StatsSkeleton />} />
            {/* After the pictures, so that they do not move it. */}
            <Show when={statsPart.part()}>
              <p class="muted">
                Includes {ids().length} of {props.instances.length} instances. Each instance counts from its
                start, or from the time its statistics were cleared.
              </p>
            </Show>
          </>
        )}
      </Show>
    </div>
  )
}
