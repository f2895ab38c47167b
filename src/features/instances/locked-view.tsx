// A page without a token: how to get in, and nothing else.
import type { JSX } from 'solid-js'
import { ExpiredLink } from '../connection-note.tsx'
import './empty-view.css'

export function LockedView(props: {
  reason: 'no-token' | 'other-version'
  /** A dialog lies above it. */
  isInert?: boolean
}): JSX.Element {
  return (
    <main class="empty locked" inert={props.isInert === true}>
      <h1 class="empty__title">Serena Deck</h1>
      {props.reason === 'no-token' ? (
        <>
          <p>
            <ExpiredLink />
          </p>
          <p>
            In a checkout: <code class="mono">npm start</code>.
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
