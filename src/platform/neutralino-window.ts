// Controls of the native window and its tray icon.
import { app, events, window as frame, os } from '@neutralinojs/lib'
import * as z from 'zod/mini'
import type { Box, WindowControls } from './platform.ts'

const traySchema = z.object({ id: z.string() })

export const makeWindowControls = (): Omit<WindowControls, 'onShow'> => ({
  async readBounds() {
    const [{ x = 0, y = 0 }, { width = 0, height = 0 }] = await Promise.all([
      frame.getPosition(),
      frame.getSize(),
    ])
    return { window: { x, y, width, height }, monitor: monitorOf(window.screen) }
  },
  setBounds({ x, y, width, height }) {
    void frame.setSize({ width, height }).then(() => frame.move(x, y))
  },
  setTitle: (title) => void frame.setTitle(title),
  setZoom: (factor) => document.documentElement.style.setProperty('zoom', String(factor)),
  setPinned: (isPinned) => void frame.setAlwaysOnTop(isPinned),
  setTray(items, hasZombies) {
    const icon = `/resources/icons/serena-deck-${hasZombies ? 'red-' : ''}64.png`
    const menuItems = items.map(({ id, text }) => (id === null ? { text, isDisabled: true } : { id, text }))
    // Fails on a desktop without a tray, where no icon is needed.
    os.setTray({ icon, menuItems }).catch(() => undefined)
  },
  onTray: (select) =>
    void events.on('trayMenuItemClicked', ({ detail }) => {
      const selected = z.safeParse(traySchema, detail)
      if (selected.success) select(selected.data.id)
    }),
  show: () => void frame.show().then(() => frame.focus()),
  hide: () => void hideInPlace(),
  quit: () => void app.exit(),
})

/** Hides the window. On X11, a window that is shown again gets a new position unless it was moved while it was hidden. */
async function hideInPlace(): Promise<void> {
  const { x = 0, y = 0 } = await frame.getPosition()
  await frame.hide()
  await frame.move(x, y)
}

/** `availLeft` and `availTop` are not standard, but every engine of a native window has them. */
function monitorOf(screen: Screen & { availLeft?: number; availTop?: number }): Box {
  const { availLeft: x = 0, availTop: y = 0, availWidth: width, availHeight: height } = screen
  return { x, y, width, height }
}
