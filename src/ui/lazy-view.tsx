// A part of the page that is loaded when it is first shown.
import { type Component, createSignal, type JSX, onMount, Show } from 'solid-js'
import { Dynamic } from 'solid-js/web'
import { LoadingNote } from './loading-note.tsx'
import { Note } from './note.tsx'

interface Part<Props> {
  part: () => ((props: Props) => JSX.Element) | null
  load: () => Promise<void>
}

/** Renders the loaded component with `props.with`. */
export function LazyView<Props extends object>(props: {
  of: Part<Props>
  with: Props
  /** Shown until it is loaded. */
  skeleton?: JSX.Element
}): JSX.Element {
  const [hasFailed, setHasFailed] = createSignal(false)
  onMount(() => {
    props.of.load().catch(() => setHasFailed(true))
  })
  return (
    <Show
      when={props.of.part()}
      fallback={
        <Show when={hasFailed()} fallback={props.skeleton ?? <LoadingNote isLoading />}>
          <Note tone="warning" title="Cannot load this part of the page.">
            Check that Serena Deck is running, and reload the page.
          </Note>
        </Show>
      }
    >
      {(component) => <Dynamic component={component() as Component<object>} {...(props.with as object)} />}
    </Show>
  )
}
