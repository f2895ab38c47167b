// Notes that a view shows while it has no current answer.
import { createSignal, type JSX, onCleanup, onMount, Show } from 'solid-js'
import { Note } from './note.tsx'

/** Most answers arrive sooner; an earlier note would flicker. */
const DELAY_MS = 200

/** The note while a request is pending and there is no data. */
export function LoadingNote(props: { isLoading: boolean; text?: string }): JSX.Element {
  return (
    <Show when={props.isLoading}>
      <Delayed>
        <p class="muted waiting">{props.text ?? 'Loading …'}</p>
      </Delayed>
    </Show>
  )
}

/** The note while a cached answer is shown and a new one is requested; null: the answer is current. */
export function CachedNote(props: { time: { ago: string; exact: string } | null }): JSX.Element {
  return (
    <Show when={props.time}>
      {(time) => (
        <Delayed>
          <p class="muted cached-note" title={time().exact}>
            Last updated: {time().ago}. Updating …
          </p>
        </Delayed>
      )}
    </Show>
  )
}

/** The note for data that this Serena version does not provide; null: it does. */
export function UnavailableNote(props: { subject: string; reason: string | null }): JSX.Element {
  return (
    <Show when={props.reason}>
      {(reason) => (
        <Note tone="plain" title={`No ${props.subject} available.`}>
          {reason()}
        </Note>
      )}
    </Show>
  )
}

function Delayed(props: { children: JSX.Element }): JSX.Element {
  const [isDue, setIsDue] = createSignal(false)
  onMount(() => {
    const timer = setTimeout(() => setIsDue(true), DELAY_MS)
    onCleanup(() => clearTimeout(timer))
  })
  return <Show when={isDue()}>{props.children}</Show>
}
