// What a view says when it has no fresh answer: why not, since which Serena there is one, or that it is being asked for.
import { type JSX, Show } from 'solid-js'
import type { Capability } from '#contract/details'
import type { CallError } from '../../client/backend.ts'
import { Note } from '../../ui/note.tsx'
import { shown } from '../instance-words.ts'

/** Why the last question failed, and whether what stands below is older. */
export function Problem(props: { error: CallError | null; isStale: boolean }): JSX.Element {
  return (
    <Show when={props.error}>
      {(error) => (
        <Note tone="warning" title={shown(error().message)}>
          {shown(error().fix)} {props.isStale ? 'Below is the last answer.' : ''}
        </Note>
      )}
    </Show>
  )
}

/** What this Serena has not, and since which one it exists. */
export function Absent(props: { answer: Capability<unknown> | undefined; what: string }): JSX.Element {
  const absent = (): { since: string | null; why: string } | null => {
    if (props.answer?.isAvailable !== false) return null
    return props.answer
  }
  return (
    <Show when={absent()}>
      {(answer) => (
        <Note tone="plain" title={`No ${props.what} here.`}>
          {shown(answer().why)}
          {answer().since === null ? '' : ` It exists since Serena ${answer().since}.`}
        </Note>
      )}
    </Show>
  )
}

export function Waiting(props: { isWaiting: boolean }): JSX.Element {
  return (
    <Show when={props.isWaiting}>
      <p class="muted overview__waiting">Asking the instance …</p>
    </Show>
  )
}
