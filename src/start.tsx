// Starts the page on a platform: exchanges the nonce for a token and renders. If the instances are already known, it renders immediately.
import { render } from 'solid-js/web'
import { App } from './app/app.tsx'
import { type Backend, makeBackend } from './client/backend.ts'
import { makeReplaceableBackend } from './client/replaceable-backend.ts'
import { openSession } from './client/session.ts'
import { LockedView } from './features/instances/locked-view.tsx'
import type { Platform } from './platform/platform.ts'
import { applyTheme, createPreferences } from './state/preferences.ts'
import './ui/tokens.css'

export async function start(platform: Platform): Promise<void> {
  const session = openSession(makeBackend(platform.backendUrl, null), platform.takeNonce())
  const isLocked = platform.firstList === undefined && (await session) === null
  const backend = withReplacement(makeBackend(platform.backendUrl, session), platform)
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

/** Returns a backend that follows replacements, for a shell that restarts a killed backend. */
function withReplacement(first: Backend, { onNewBackend }: Platform): Backend {
  if (!onNewBackend) return first
  const backend = makeReplaceableBackend(first)
  onNewBackend(({ url, nonce }) =>
    backend.replace(makeBackend(url, openSession(makeBackend(url, null), nonce))),
  )
  return backend
}
