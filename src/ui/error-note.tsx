// An error: message and fix.
import { For, type JSX, Show } from 'solid-js'
import { Note } from './note.tsx'

interface ShownError {
  code: string
  message: string
  fix: string
}

export function ErrorNote(props: { error: ShownError | null }): JSX.Element {
  return (
    <Show when={props.error}>
      {(error) => (
        <Note tone="error" title={error().message}>
          <FixText text={error().fix} />
        </Note>
      )}
    </Show>
  )
}

/** The error of polling. `offline` is not shown here: the page reports a lost backend once, above all tabs. */
export function PollErrorNote(props: { error: ShownError | null; hasData: boolean }): JSX.Element {
  return (
    <Show when={props.error?.code === 'offline' ? null : props.error}>
      {(error) => (
        <Note tone="warning" title={error().message}>
          <FixText text={error().fix} /> {props.hasData ? 'The last known data is shown below.' : ''}
        </Note>
      )}
    </Show>
  )
}

/** Formats text between backticks as a command. */
function FixText(props: { text: string }): JSX.Element {
  const parts = () => props.text.split('`').map((text, at) => ({ text, isCommand: at % 2 === 1 }))
  return (
    <For each={parts()}>
      {({ text, isCommand }) => (isCommand ? <code class="mono">{text}</code> : <>{text}</>)}
    </For>
  )
}
