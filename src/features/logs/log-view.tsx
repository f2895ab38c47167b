// The log of one instance.
import { type JSX, Show } from 'solid-js'
import type { Instance } from '#contract/instance'
import { visibleLine } from '#contract/visible-text'
import { usePage } from '../../state/page-context.ts'
import { PollErrorNote } from '../../ui/error-note.tsx'
import { Note } from '../../ui/note.tsx'
import { createInstanceLog, createToolNames } from './create-instance-log.ts'
import { LogPanel } from './log-panel.tsx'

export function LogView(props: { instance: Instance }): JSX.Element {
  const page = usePage()
  const log = createInstanceLog(() => props.instance.id)
  const toolNames = createToolNames(() => props.instance.id)
  const clear = (): void =>
    page.open({
      kind: 'confirm',
      title: `Clear the log of ${visibleLine(props.instance.title)}?`,
      text: 'Serena deletes the log lines in memory. The log file is not changed.',
      action: 'Clear',
      run: async () => {
        await page.backend.call('clearLogs', { params: { id: props.instance.id }, body: {} })
        page.changed('Cleared the log.')
      },
    })
  return (
    <LogPanel
      label={`Log of ${visibleLine(props.instance.title)}`}
      fileName={`serena-${props.instance.pid ?? 'log'}`}
      lines={log.state().lines}
      missed={log.state().missed}
      isLoaded={log.isLoaded()}
      toolNames={toolNames()}
      onClear={clear}
      notes={
        <>
          <PollErrorNote error={log.error()} hasData={log.state().lines.length > 0} />
          <Show when={log.unavailable()}>
            {(why) => (
              <Note tone="plain" title="No log available.">
                {why()}
              </Note>
            )}
          </Show>
        </>
      }
    />
  )
}
