// In a dialog: that the backend is out of reach, what to do, and a copy of what was typed there.
import { type JSX, Match, Show, Switch } from 'solid-js'
import { Note } from '../ui/note.tsx'
import { usePage } from './page-context.ts'

/** `text`: what the person typed and nothing has saved yet; null: nothing was. */
export function ConnectionNote(props: { text: string | null; hasFailed: boolean }): JSX.Element {
  const page = usePage()
  const isConnected = (): boolean => page.connection() === 'open' || page.connection() === 'connecting'
  return (
    <>
      <Switch>
        <Match when={page.connection() === 'lost'}>
          <Note tone="error" title="The connection to Serena Deck is lost.">
            Trying again; what you typed stays here.
          </Note>
        </Match>
        <Match when={page.connection() === 'unauthorized'}>
          <Note tone="error" title="Serena Deck was restarted.">
            <ExpiredLink /> What you typed stays here: copy it into the new page.
          </Note>
        </Match>
        <Match when={page.connection() === 'other-version'}>
          <Note tone="error" title="Serena Deck is of another version now than this page.">
            Copy what you typed, then reload the page.
          </Note>
        </Match>
      </Switch>
      <Show when={(props.hasFailed || !isConnected()) && props.text}>
        {(text) => (
          <button type="button" class="button" onClick={() => page.copy(text(), 'your text')}>
            Copy my text
          </button>
        )}
      </Show>
    </>
  )
}

/** The sentence for a page whose token the backend does not know. */
export function ExpiredLink(): JSX.Element {
  return (
    <span>
      This link has expired. Run <code class="mono">serena-deck open</code> to get a new one.
    </span>
  )
}
