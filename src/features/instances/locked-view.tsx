// A page without a token: how to get in, and nothing else.
import type { JSX } from 'solid-js'
import './empty-view.css'

export function LockedView(props: { reason: 'no-token' | 'other-version' }): JSX.Element {
  return (
    <main class="empty locked">
      <h1 class="empty__title">Serena Deck</h1>
      {props.reason === 'no-token' ? (
        <>
          <p>This page was opened without its key, or Serena Deck was restarted since.</p>
          <p>
            Open it again with <code class="mono">serena-deck open</code> (in a checkout:{' '}
            <code class="mono">npm start</code>).
          </p>
        </>
      ) : (
        <>
          <p>Serena Deck is of another version now than this page.</p>
          <button type="button" class="button" onClick={() => location.reload()}>
            Reload
          </button>
        </>
      )}
    </main>
  )
}
