// What a view says when it has no fresh answer: why not, since which Serena there is one, or that it is being asked for.
import { createSignal, type JSX, onCleanup, onMount, Show } from 'solid-js'
import type { Capability } from '#contract/details'
import type { CallError } from '../../client/backend.ts'
import { Note } from '../../ui/note.tsx'
import { FixWords } from '../failure.tsx'
import { shown } from '../instance-words.ts'

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

/** Says that somebody is being asked, once it has taken long enough to be noticed. */
export function Waiting(props: { isWaiting: boolean; words?: string }): JSX.Element {
  return (
    <Show when={props.isWaiting}>
      <WaitingWords words={props.words ?? 'Asking the instance …'} />
    </Show>
  )
}

function WaitingWords(props: { words: string }): JSX.Element {
  const [isLong, setIsLong] = createSignal(false)
  onMount(() => {
    const timer = setTimeout(() => setIsLong(true), PATIENCE_MS)
    onCleanup(() => clearTimeout(timer))
  })
  return <p class="muted overview__waiting">{isLong() ? props.words : '\u00a0'}</p>
}
