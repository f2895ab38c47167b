// The history of one instance or of all, polled while it is shown, with an export as JSON lines.
import { createSignal, type JSX, Show } from 'solid-js'
import { historyLines } from '#contract/history'
import { createAction } from '../../state/action.ts'
import { usePage } from '../../state/page-context.ts'
import { createPolled } from '../../state/polled.ts'
import { ErrorNote, PollErrorNote } from '../../ui/error-note.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { Timeline } from './timeline.tsx'

const POLL_MS = 10_000
const STEP = 100
/** More than the backend stores. */
const ALL = 10_000

export function HistoryPanel(props: {
  /** The id of one instance; null: all. */
  about: string | null
  /** Each change triggers a poll. */
  changes: string
}): JSX.Element {
  const page = usePage()
  const action = createAction()
  const [limit, setLimit] = createSignal(STEP)
  const queryOf = (count: number): Record<string, string> => ({
    limit: String(Math.min(count, ALL)),
    ...(props.about !== null && { about: props.about }),
  })
  const history = createPolled({
    key: () => props.about ?? 'all',
    isActive: page.isVisible,
    everyMs: POLL_MS,
    changes: () => `${props.changes} ${page.changes()} ${limit()}`,
    request: (_, signal) => page.backend.call('history', { query: queryOf(limit()), signal }),
  })
  const save = (): void => {
    void action.run(async () => {
      const { records } = await page.backend.call('history', { query: queryOf(ALL) })
      const day = new Date(page.now()).toISOString().slice(0, 10)
      const name = page.saveText(`serena-history-${day}.jsonl`, historyLines(records))
      page.announce(`Saved ${records.length} records as ${name} in your downloads folder.`)
    })
  }
  return (
    <div class="history">
      <PollErrorNote error={history.error()} hasData={history.data() !== undefined} />
      <ErrorNote error={action.error()} />
      <Show when={history.data()} fallback={<Placeholder isLoading={history.error() === null} />}>
        {(data) => (
          <Show
            when={data().records.length > 0}
            fallback={<p class="muted">No events have been recorded yet.</p>}
          >
            <Timeline records={data().records} isOfOne={props.about !== null} />
            <div class="history__tools">
              <Show when={data().hasMore}>
                <button type="button" class="button" onClick={() => setLimit((count) => count + STEP)}>
                  Show older events
                </button>
              </Show>
              <button type="button" class="button" disabled={action.isBusy()} onClick={save}>
                Save as JSON lines
              </button>
            </div>
          </Show>
        )}
      </Show>
    </div>
  )
}

function Placeholder(props: { isLoading: boolean }): JSX.Element {
  return (
    <Show when={props.isLoading}>
      <Skeleton rows={4} rowPx={40} />
    </Show>
  )
}
