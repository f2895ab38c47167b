// Stats: how often each tool was called, and the tokens that went in and out as Serena estimates them.
import { createMemo, For, type JSX, Show } from 'solid-js'
import type { ToolStats } from '#contract/details'
import type { Instance } from '#contract/instance'
import { createPolled } from '../../state/polled.ts'
import { Note } from '../../ui/note.tsx'
import { shown } from '../instance-words.ts'
import { usePage } from '../page-context.ts'
import './stats-view.css'

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
            <StatsTable stats={data()} />
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

function StatsTable(props: { stats: ToolStats }): JSX.Element {
  const rows = createMemo(() => [...props.stats.tools].sort((a, b) => b.calls - a.calls))
  const sum = (pick: (row: ToolStats['tools'][number]) => number): number =>
    props.stats.tools.reduce((total, row) => total + pick(row), 0)
  const number = (value: number): string => value.toLocaleString('en')
  return (
    <Show when={rows().length > 0} fallback={<p class="muted">No tool was called since the start.</p>}>
      <table class="stats__table">
        <thead>
          <tr>
            <th scope="col">Tool</th>
            <th scope="col">Calls</th>
            <th scope="col">Tokens in</th>
            <th scope="col">Tokens out</th>
          </tr>
        </thead>
        <tbody>
          <For each={rows()}>
            {(row) => (
              <tr>
                <th scope="row" class="mono">
                  {shown(row.tool)}
                </th>
                <td>{number(row.calls)}</td>
                <td>{number(row.inputTokens)}</td>
                <td>{number(row.outputTokens)}</td>
              </tr>
            )}
          </For>
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">All</th>
            <td>{number(sum(({ calls }) => calls))}</td>
            <td>{number(sum(({ inputTokens }) => inputTokens))}</td>
            <td>{number(sum(({ outputTokens }) => outputTokens))}</td>
          </tr>
        </tfoot>
      </table>
      <Show when={props.stats.estimator}>
        {(estimator) => <p class="muted">Tokens are estimated by {shown(estimator())}.</p>}
      </Show>
    </Show>
  )
}
