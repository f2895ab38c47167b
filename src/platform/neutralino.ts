// The platform in the native window. Only the `neutralino*` files depend on Neutralino.
import { events, extensions, init, os } from '@neutralinojs/lib'
import { BACKEND_EVENTS, EXTENSION_ID, PAGE_EVENTS, showMessageSchema } from '#contract/window'
import { createBrowserPlatform } from './browser.ts'
import { listen, requestBackend } from './neutralino-backend.ts'
import { makeWindowControls } from './neutralino-window.ts'
import type { DesktopNotifications, Platform, WindowControls } from './platform.ts'
import { stampedName } from './stamped-name.ts'
import { withoutMarkup } from './without-markup.ts'

/** Resolves once the backend has sent its address. */
export async function createNeutralinoPlatform(): Promise<Platform> {
  init()
  const shown = listenForShow()
  const { url, nonce, kept, canNotify, list } = await requestBackend()
  let unused: string | null = nonce
  const browser = createBrowserPlatform()
  return {
    ...browser,
    // WebKit silently skips a download whose file exists; a browser picks another name.
    saveText: (fileName, text) => browser.saveText(stampedName(fileName, Date.now()), text),
    backendUrl: url,
    onNewBackend(callback) {
      void events.on('extClientDisconnect', ({ detail }) => {
        // The shell restarts a killed backend. The page stays open: it may contain unsaved text.
        if (detail === EXTENSION_ID) void requestBackend().then(callback)
      })
    },
    firstList: list,
    notifications: canNotify ? notifications : undefined,
    takeNonce() {
      const taken = unused
      unused = null
      return taken
    },
    preferences: {
      read: () => kept,
      write: (text) => void extensions.dispatch(EXTENSION_ID, PAGE_EVENTS.keep, { text }),
    },
    window: { ...makeWindowControls(), onShow: shown.onShow },
  }
}

/** Keeps the latest request to show a tab until the page can handle it. */
function listenForShow(): Pick<WindowControls, 'onShow'> {
  let pending: [tab: string, view: string | null] | null = null
  let show: Parameters<WindowControls['onShow']>[0] = (...requested) => {
    pending = requested
  }
  listen(BACKEND_EVENTS.show, showMessageSchema, ({ id, view }) => show(id, view ?? null))
  return {
    onShow(callback) {
      show = callback
      if (pending !== null) callback(...pending)
    },
  }
}

/** Shown by the runtime, because the web engine does not allow notifications here. Clicks are not reported. */
const notifications: DesktopNotifications = {
  allow: () => Promise.resolve(true),
  show: ({ title, text }) => void os.showNotification(withoutMarkup(title), withoutMarkup(text)),
}
