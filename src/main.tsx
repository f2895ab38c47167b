// Entry of the page: pick the platform, trade the nonce for a token, draw.
import { render } from 'solid-js/web'
import { App } from './app.tsx'
import { makeBackend } from './client/backend.ts'
import { openSession } from './client/session.ts'
import { LockedView } from './features/instances/locked-view.tsx'
import { createBrowserPlatform } from './platform/browser.ts'
import { applyTheme, createPreferences } from './state/preferences.ts'
import './ui/tokens.css'

const platform = createBrowserPlatform()
const token = await openSession(makeBackend(platform.backendUrl, null), platform.takeNonce())
const root = document.querySelector('#app')
if (!root) throw new Error('index.html has no #app')

render(() => {
  const preferences = createPreferences()
  if (token === null) {
    applyTheme(() => preferences.current().theme)
    return <LockedView reason="no-token" />
  }
  return (
    <App backend={makeBackend(platform.backendUrl, token)} platform={platform} preferences={preferences} />
  )
}, root)
