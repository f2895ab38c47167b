// What the native window shows beside the page: its title, its place above others, its zoom, its icon in the tray.
import { type Accessor, createEffect, createMemo, on } from 'solid-js'
import type { WindowControls } from '../../platform/platform.ts'
import type { DeckSummary } from '../../state/deck-summary.ts'
import type { PreferenceStore } from '../../state/preferences.ts'
import { broughtOnScreen } from './on-screen.ts'
import { isSameMenu, trayMenu } from './tray.ts'

export interface WindowWishes {
  preferences: PreferenceStore
  title: Accessor<string>
  /** The open tab: an instance's id or `all`. */
  tab: Accessor<string>
  summary: Accessor<DeckSummary>
  /** Opens the dialog in which all zombies can be ended. */
  killAll: () => void
  /** Opens the tab of that instance. */
  select: (instanceId: string) => void
}

/** Keeps the window in step with the page for as long as its owner lives. */
export function connectWindow(window: WindowControls, wishes: WindowWishes): void {
  const { preferences, summary, title, tab } = wishes
  const isPinned = createMemo(() => preferences.current().isPinned)
  const zoom = createMemo(() => preferences.current().zoomPercent / 100)
  // The desktop is told again only when a word of it changes.
  const menu = createMemo(() => trayMenu(summary()), [], { equals: isSameMenu })
  const isAlarmed = createMemo(() => summary().byColour.red > 0)
  createEffect(() => window.setTitle(title()))
  createEffect(() => window.setPinned(isPinned()))
  createEffect(() => window.setZoom(zoom()))
  createEffect(on(tab, (open) => preferences.change({ tab: open }), { defer: true }))
  createEffect(() => window.setTray(menu(), isAlarmed()))
  void window.place().then((place) => {
    const box = broughtOnScreen(place.window, place.monitor)
    if (box) window.put(box)
  })
  window.onTray((id) => {
    if (id === 'quit') return window.quit()
    window.show()
    if (id === 'kill') wishes.killAll()
  })
  window.onShow((id) => wishes.select(id))
}
