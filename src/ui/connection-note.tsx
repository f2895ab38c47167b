// The note of a dialog about a lost connection, with a fix and a button to copy unsaved text.
import { type JSX, Match, Show, Switch } from 'solid-js'
import { Note } from './note.tsx'

export function ConnectionNote(props: {
  connection: 'connecting' | 'open' | 'lost' | 'unauthorized' | 'other-version'
  /** Unsaved text; null: everything is saved. */
  unsavedText: string | null
  /** True after a failed action. */
  hasFailed: boolean
  onCopy: (text: string) => void
}): JSX.Element {
  const isConnected = (): boolean => props.connection === 'open' || props.connection === 'connecting'
  return (
    <>
      <Switch>
        <Match when={props.connection === 'lost'}>
          <Note tone="error" title="Lost connection to Serena Deck.">
            Reconnecting. Your text is kept.
          </Note>
        </Match>
        <Match when={props.connection === 'unauthorized'}>
          <Note tone="error" title="Serena Deck was restarted.">
            <ExpiredLink /> Your text is kept: copy it into the new page.
          </Note>
        </Match>
        <Match when={props.connection === 'other-version'}>
          <Note tone="error" title="Serena Deck was updated.">
            Copy your text, then reload the page.
          </Note>
        </Match>
      </Switch>
      <Show when={(props.hasFailed || !isConnected()) && props.unsavedText}>
        {(text) => (
          <button type="button" class="button" onClick={() => props.onCopy(text())}>
            Copy unsaved text
          </button>
        )}
      </Show>
    </>
  )
}

/** The fix for a rejected session token, for example after a restart. */
export function ExpiredLink(): JSX.Element {
  return (
    <span>
      This link has expired. Run <code class="mono">serena-deck open</code> to get a new one.
    </span>
  )
}
