// Why something did not work, and what to do.
import { For, type JSX, Show } from 'solid-js'
import type { CallError } from '../client/backend.ts'
import { Note } from '../ui/note.tsx'
import { shown } from './instance-words.ts'

export function Failure(props: { error: CallError | null }): JSX.Element {
  return (
    <Show when={props.error}>
      {(error) => (
        <Note tone="error" title={shown(error().message)}>
          <FixWords text={error().fix} />
        </Note>
      )}
    </Show>
  )
}

/** What to do; a command between backticks is set as one. */
export function FixWords(props: { text: string }): JSX.Element {
  const parts = () =>
    shown(props.text)
      .split('`')
      .map((text, at) => ({ text, isCommand: at % 2 === 1 }))
  return (
    <For each={parts()}>
      {({ text, isCommand }) => (isCommand ? <code class="mono">{text}</code> : <>{text}</>)}
    </For>
  )
}
