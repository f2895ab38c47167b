// Stats: how often each tool was called, and the tokens that went in and out as Serena estimates them.
import { type JSX, Show } from 'solid-js'
import type { ToolStats } from '#contract/details'
import type { Instance } from '#contract/instance'
import { createPolled } from '../../state/polled.ts'
import { Note } from '../../ui/note.tsx'
import { shown } from '../instance-words.ts'
import { usePage } from '../page-context.ts'
import { StatsTable } from './stats-table.tsx'

const POLL_MS = 5_000

export function StatsView(props: { instance: Instance }): JSX.Element {
  const page = usePage()
  const stats = createPolled({
    key: () => props.instance.id,
    isActive: page.isVisible,
    everyMs: POLL_MS,
    changes: page.changes,
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
  const absent = (): { since: string | null; why: string } | null => {
    const answer = stats.data()
    return answer && !answer.isAvailable ? answer : null
  }
  return (
    <div class="stats">
      <Show when={stats.error()}>
        {(error) => (
          <Note tone="warning" title={shown(error().message)}>
            {shown(error().fix)} {stats.data() === undefined ? '' : 'Below is the last answer.'}
          </Note>
        )}
      </Show>
      <Show when={absent()}>
        {(answer) => (
          <Note tone="plain" title="No statistics here.">
            {shown(answer().why)}
            {answer().since === null ? '' : ` They exist since Serena ${answer().since}.`}
          </Note>
        )}
      </Show>
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
