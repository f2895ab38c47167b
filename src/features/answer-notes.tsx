// What a view says when it has no fresh answer: why not, since which Serena there is one, or that it is being asked for.
import { createSignal, type JSX, onCleanup, onMount, Show } from 'solid-js'
import type { Capability } from '#contract/details'
import type { CallError } from '../client/backend.ts'
import { exactTime } from '../state/locale.ts'
import { Note } from '../ui/note.tsx'
import { FixWords } from './failure.tsx'
import { ago, shown } from './instance-words.ts'
import { usePage } from './page-context.ts'

/** Sooner than this nobody is told to wait: it would only flicker. */
const PATIENCE_MS = 200

/** Why the last question failed, and whether what stands below is older. A lost backend is told of above all tabs. */
export function Problem(props: { error: CallError | null; isStale: boolean }): JSX.Element {
  return (
    <Show when={props.error?.code === 'offline' ? null : props.error}>
      {(error) => (
        <Note tone="warning" title={shown(error().message)}>
          <FixWords text={error().fix} /> {props.isStale ? 'Below is the last answer.' : ''}
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

/** What stands below is from an earlier look; the new answer is under way. */
export function AsOf(props: { atMs: number | null }): JSX.Element {
  const page = usePage()
  return (
    <Show when={props.atMs === null ? null : new Date(props.atMs).toISOString()}>
      {(at) => (
        <Patient>
          <p class="muted waiting" title={exactTime(at())}>
            As of {ago(at(), page.now())}, asking anew …
          </p>
        </Patient>
      )}
    </Show>
  )
}

/** Says that somebody is being asked, once it has taken long enough to be noticed. */
export function Waiting(props: { isWaiting: boolean; words?: string }): JSX.Element {
  return (
    <Show when={props.isWaiting}>
      <Patient>
        <p class="muted waiting">{props.words ?? 'Asking the instance …'}</p>
      </Patient>
    </Show>
  )
}

function Patient(props: { children: JSX.Element }): JSX.Element {
  const [isLong, setIsLong] = createSignal(false)
  onMount(() => {
    const timer = setTimeout(() => setIsLong(true), PATIENCE_MS)
    onCleanup(() => clearTimeout(timer))
  })
  return <Show when={isLong()}>{props.children}</Show>
}
