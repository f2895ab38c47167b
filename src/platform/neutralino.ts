// The page in the native window. The only file that names Neutralino.
import { app, events, extensions, window as frame, init, os } from '@neutralinojs/lib'
import * as z from 'zod/mini'
import {
  BACKEND_EVENTS,
  type BackendMessage,
  backendMessageSchema,
  EXTENSION_ID,
  PAGE_EVENTS,
  showMessageSchema,
} from '#contract/window'
import { createBrowserPlatform } from './browser.ts'
import type { Box, DesktopNotices, Platform } from './platform.ts'
import { stampedName } from './stamped-name.ts'
import { withoutMarkup } from './without-markup.ts'

/** It answers once: asking is a message on a socket of this machine. */
const ASK_EVERY_MS = 40
/** See `introduction`. */
const NUDGE_EVERY_MS = 5
const traySchema = z.object({ id: z.string() })

/** Resolves once the backend has introduced itself. */
export async function createNeutralinoPlatform(): Promise<Platform> {
  init()
  // What somebody wants shown may come before the page is there to show it.
  let wanted: string | null = null
  let show = (instanceId: string): void => {
    wanted = instanceId
  }
  listen(BACKEND_EVENTS.show, showMessageSchema, ({ id }) => show(id))
  const { url, nonce, kept, canNotify, list } = await introduction()
  let unspent: string | null = nonce
  const browser = createBrowserPlatform()
  return {
    ...browser,
    // Where a file of that name is, WebKit makes no second one and says nothing; a browser finds another name.
    saveText: (fileName, text) => browser.saveText(stampedName(fileName, Date.now()), text),
    backendUrl: url,
    onNewBackend(callback) {
      void events.on('extClientDisconnect', ({ detail }) => {
        // A killed backend is started again by the shell above it. The page stays: something may be typed in it.
        if (detail === EXTENSION_ID) void introduction().then(callback)
      })
    },
    firstList: list,
    notices: canNotify ? notices : undefined,
    takeNonce() {
      const taken = unspent
      unspent = null
      return taken
    },
    preferences: {
      read: () => kept,
      write: (text) => void extensions.dispatch(EXTENSION_ID, PAGE_EVENTS.keep, { text }),
    },
    window: {
      async place() {
        const [{ x = 0, y = 0 }, { width = 0, height = 0 }] = await Promise.all([
          frame.getPosition(),
          frame.getSize(),
        ])
        return { window: { x, y, width, height }, monitor: monitorOf(window.screen) }
      },
      put({ x, y, width, height }) {
        void frame.setSize({ width, height }).then(() => frame.move(x, y))
      },
      setTitle: (title) => void frame.setTitle(title),
      setZoom: (factor) => document.documentElement.style.setProperty('zoom', String(factor)),
      setPinned: (isPinned) => void frame.setAlwaysOnTop(isPinned),
      setTray(items, isAlarmed) {
        const icon = `/resources/icons/serena-deck-${isAlarmed ? 'red-' : ''}64.png`
        const menuItems = items.map(({ id, text }) =>
          id === null ? { text, isDisabled: true } : { id, text },
        )
        // A desktop without a tray has no icon, and needs none.
        os.setTray({ icon, menuItems }).catch(() => undefined)
      },
      onTray: (choose) =>
        void events.on('trayMenuItemClicked', ({ detail }) => {
          const chosen = z.safeParse(traySchema, detail)
          if (chosen.success) choose(chosen.data.id)
        }),
      show: () => void frame.show().then(() => frame.focus()),
      hide: () => void hideInPlace(),
      quit: () => void app.exit(),
      onShow(callback) {
        show = callback
        if (wanted !== null) callback(wanted)
      },
    },
  }
}

/** The engine allows a page no notices of its own here, so the runtime shows them. It tells of no click. */
const notices: DesktopNotices = {
  allow: () => Promise.resolve(true),
  show: ({ title, text }) => void os.showNotification(withoutMarkup(title), withoutMarkup(text)),
}

/** X11 gives a window that is shown again a new place, unless it was given one while it was hidden. */
async function hideInPlace(): Promise<void> {
  const { x = 0, y = 0 } = await frame.getPosition()
  await frame.hide()
  await frame.move(x, y)
}

/**
 * Asks until it is answered: the backend may still be starting. The runtime's socket holds a small message back until the one before
 * is acknowledged (Nagle), which a page that says nothing does after 40 ms: so meanwhile the page says something.
 */
function introduction(): Promise<BackendMessage> {
  return new Promise((resolve) => {
    const ask = (): void => {
      extensions.dispatch(EXTENSION_ID, PAGE_EVENTS.hello, {}).catch(() => undefined) // Not connected yet.
    }
    const nudge = (): void => {
      extensions.getStats().catch(() => undefined) // Only said, not asked.
    }
    const timers = [setInterval(ask, ASK_EVERY_MS), setInterval(nudge, NUDGE_EVERY_MS)]
    listen(BACKEND_EVENTS.backend, backendMessageSchema, (message) => {
      timers.forEach((timer) => clearInterval(timer))
      resolve(message)
    })
    ask()
  })
}

function listen<Message>(
  event: string,
  schema: z.ZodMiniType<Message>,
  onMessage: (message: Message) => void,
): void {
  void events.on(event, ({ detail }) => {
    const parsed = z.safeParse(schema, detail)
    if (parsed.success) onMessage(parsed.data)
  })
}

/** `availLeft` and `availTop` stand in no standard, and are there in every engine that a window has. */
function monitorOf(screen: Screen & { availLeft?: number; availTop?: number }): Box {
  const { availLeft: x = 0, availTop: y = 0, availWidth: width, availHeight: height } = screen
  return { x, y, width, height }
}
