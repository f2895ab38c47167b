// The page without access to the backend, with instructions to restore access.
import type { JSX } from 'solid-js'
import { ExpiredLink } from '../../ui/connection-note.tsx'
import './empty-view.css'

export function LockedView(props: {
  reason: 'no-token' | 'other-version'
  /** True while a dialog is open. */
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
            In a source checkout, run <code class="mono">npm start</code>.
          </p>
        </>
      ) : (
        <>
          <p>Serena Deck was updated. Reload this page.</p>
          <button type="button" class="button" onClick={() => location.reload()}>
            Reload
          </button>
        </>
      )}
    </main>
  )
}
