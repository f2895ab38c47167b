// The history of one instance or of the machine, asked for while somebody looks, with its export as JSON lines.
import { createSignal, type JSX, Show } from 'solid-js'
import { historyLines } from '#contract/history'
import { createAction } from '../../state/action.ts'
import { createPolled } from '../../state/polled.ts'
import { Problem, Waiting } from '../answer-notes.tsx'
import { Failure } from '../failure.tsx'
import { usePage } from '../page-context.ts'
import { Timeline } from './timeline.tsx'

const POLL_MS = 10_000
const STEP = 100
/** More than the backend keeps. */
const ALL = 10_000

export function HistoryPanel(props: {
  /** The id of one instance; null: all. */
  about: string | null
  /** Each change of it asks anew at once. */
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
    ask: (_, signal) => page.backend.call('history', { query: queryOf(limit()), signal }),
  })
  const save = (): void => {
    void action.run(async () => {
      const { records } = await page.backend.call('history', { query: queryOf(ALL) })
      const day = new Date(page.now()).toISOString().slice(0, 10)
      const name = page.platform.saveText(`serena-history-${day}.jsonl`, historyLines(records))
      page.announce(`Saved ${records.length} records as ${name} among your downloads.`)
    })
  }
  return (
    <div class="history">
      <Problem error={history.error()} isStale={history.data() !== undefined} />
      <Failure error={action.error()} />
      <Show
        when={history.data()}
        fallback={<Waiting isWaiting={history.error() === null} words="Reading …" />}
      >
        {(data) => (
          <Show
            when={data().records.length > 0}
            fallback={<p class="muted">Nothing has been written down yet.</p>}
          >
            <Timeline records={data().records} isOfOne={props.about !== null} />
            <div class="history__tools">
              <Show when={data().hasMore}>
                <button type="button" class="button" onClick={() => setLimit((count) => count + STEP)}>
                  Show older
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
