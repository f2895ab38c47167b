// Why something did not work, and what to do.
import { type JSX, Show } from 'solid-js'
import type { CallError } from '../client/backend.ts'
import { Note } from '../ui/note.tsx'
import { shown } from './instance-words.ts'

export function Failure(props: { error: CallError | null }): JSX.Element {
  return (
    <Show when={props.error}>
      {(error) => (
        <Note tone="error" title={shown(error().message)}>
          {shown(error().fix)}
        </Note>
      )}
    </Show>
  )
}
