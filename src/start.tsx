// Starts the page on a platform: trade the nonce for a token, draw.
import { render } from 'solid-js/web'
import { App } from './app.tsx'
import { makeBackend } from './client/backend.ts'
import { openSession } from './client/session.ts'
import { LockedView } from './features/instances/locked-view.tsx'
import type { Platform } from './platform/platform.ts'
import { applyTheme, createPreferences } from './state/preferences.ts'
import './ui/tokens.css'

export async function start(platform: Platform): Promise<void> {
  const token = await openSession(makeBackend(platform.backendUrl, null), platform.takeNonce())
  const root = document.querySelector('#app')
  if (!root) throw new Error('the page has no #app')

  render(() => {
    const preferences = createPreferences(platform.preferences)
    if (token === null) {
      applyTheme(() => preferences.current().theme)
      return <LockedView reason="no-token" />
    }
    return (
      <App backend={makeBackend(platform.backendUrl, token)} platform={platform} preferences={preferences} />
    )
  }, root)
}
