// Starts the page on a platform: trade the nonce for a token, draw. Where the platform knows the instances already, both at once.
import { render } from 'solid-js/web'
import { App } from './app.tsx'
import { type Backend, makeBackend } from './client/backend.ts'
import { makeRenewedBackend } from './client/renewed-backend.ts'
import { openSession } from './client/session.ts'
import { LockedView } from './features/instances/locked-view.tsx'
import type { Platform } from './platform/platform.ts'
import { applyTheme, createPreferences } from './state/preferences.ts'
import './ui/tokens.css'

export async function start(platform: Platform): Promise<void> {
  const session = openSession(makeBackend(platform.backendUrl, null), platform.takeNonce())
  const isLocked = platform.firstList === undefined && (await session) === null
  const backend = lastingBackend(makeBackend(platform.backendUrl, session), platform)
  const root = document.querySelector('#app')
  if (!root) throw new Error('the page has no #app')
  render(() => {
    const preferences = createPreferences(platform.preferences)
    if (isLocked) {
      applyTheme(() => preferences.current().theme)
      return <LockedView reason="no-token" />
    }
    return <App backend={backend} platform={platform} preferences={preferences} />
  }, root)
}

/** The given one; in a shell that starts a killed backend again, always the newest. */
function lastingBackend(first: Backend, { onNewBackend }: Platform): Backend {
  if (!onNewBackend) return first
  const backend = makeRenewedBackend(first)
  onNewBackend(({ url, nonce }) =>
    backend.renew(makeBackend(url, openSession(makeBackend(url, null), nonce))),
  )
  return backend
}
