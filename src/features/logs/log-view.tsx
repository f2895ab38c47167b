// Logs: one instance's own log as it grows.
import { createEffect, createMemo, createSignal, type JSX, on, Show } from 'solid-js'
import type { Instance } from '#contract/instance'
import { EMPTY_LOG, type LogState, reduceLog } from '../../state/log-state.ts'
import { createPolled } from '../../state/polled.ts'
import { Note } from '../../ui/note.tsx'
import { Problem } from '../answer-notes.tsx'
import { shown } from '../instance-words.ts'
import { usePage } from '../page-context.ts'
import { LogPanel } from './log-panel.tsx'

const POLL_MS = 1_000
/** Which tools there are changes seldom. */
const TOOLS_MS = 60_000

export function LogView(props: { instance: Instance }): JSX.Element {
  const page = usePage()
  const [log, setLog] = createSignal<LogState>(EMPTY_LOG)
  const [absent, setAbsent] = createSignal<{ since: string | null; why: string } | null>(null)
  const key = createMemo(() => props.instance.id)

  createEffect(
    on(key, () => {
      setLog(EMPTY_LOG)
      setAbsent(null)
    }),
  )
  const polled = createPolled({
    key,
    isActive: page.isVisible,
    everyMs: POLL_MS,
    changes: page.changes,
    async ask(id, signal) {
      const answer = await page.backend.call('logs', {
        params: { id },
        query: { from: String(log().next) },
        signal,
      })
      if (signal.aborted) return
      setAbsent(answer.isAvailable ? null : answer)
      if (answer.isAvailable) setLog((before) => reduceLog(before, answer.data))
    },
  })
  const overview = createPolled({
    key,
    isActive: page.isVisible,
    everyMs: TOOLS_MS,
    ask: (id, signal) => page.backend.call('overview', { params: { id }, signal }),
  })
  const toolNames = createMemo(() => {
    const answer = overview.data()
    return new Set(answer?.isAvailable ? [...answer.data.activeTools, ...answer.data.availableTools] : [])
  })
  const clear = (): void =>
    page.open({
      kind: 'confirm',
      title: `Clear the log of ${shown(props.instance.title)}?`,
      text: 'Serena forgets the lines it keeps in memory. Its log file keeps them all.',
      action: 'Clear',
      run: async () => {
        await page.backend.call('clearLogs', { params: { id: props.instance.id }, body: {} })
        page.changed('Cleared the log.')
      },
    })

  return (
    <LogPanel
      label={`Log of ${shown(props.instance.title)}`}
      fileName={`serena-${props.instance.pid ?? 'log'}`}
      lines={log().lines}
      missed={log().missed}
      toolNames={toolNames()}
      tools={
        <button type="button" class="button" onClick={clear}>
          Clear …
        </button>
      }
      notes={
        <>
          <Problem error={polled.error()} isStale={log().lines.length > 0} />
          <Show when={absent()}>
            {(answer) => (
              <Note tone="plain" title="No log here.">
                {shown(answer().why)}
              </Note>
            )}
          </Show>
        </>
      }
    />
  )
}
