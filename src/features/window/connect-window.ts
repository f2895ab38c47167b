// Synchronizes the native window with the page: title, pin, zoom, tray icon, position.
import { type Accessor, createEffect, createMemo, on, onCleanup } from 'solid-js'
import type { WindowControls } from '../../platform/platform.ts'
import type { DeckSummary } from '../../state/deck-summary.ts'
import type { PreferenceStore } from '../../state/preferences.ts'
import { keepReachable } from './keep-reachable.ts'
import { isSameMenu, trayMenu } from './tray-menu.ts'

export interface WindowInput {
  preferences: PreferenceStore
  title: Accessor<string>
  /** The selected tab: an instance's id or `all`. */
  tab: Accessor<string>
  summary: Accessor<DeckSummary>
  /** Opens the dialog that ends all zombies. */
  killAll: () => void
  /** Opens that tab with that view; null: the one it had. */
  open: (tab: string, view: string | null) => void
}

/** Connects the window to the page until the owner is disposed. */
export function connectWindow(window: WindowControls, input: WindowInput): void {
  const { preferences, summary, title, tab } = input
  const isPinned = createMemo(() => preferences.current().isPinned)
  const zoom = createMemo(() => preferences.current().zoomPercent / 100)
  // The tray is updated only when its text changes.
  const menu = createMemo(() => trayMenu(summary()), [], { equals: isSameMenu })
  const hasZombies = createMemo(() => summary().byColor.red > 0)
  createEffect(() => window.setTitle(title()))
  createEffect(() => window.setPinned(isPinned()))
  createEffect(() => window.setZoom(zoom()))
  createEffect(on(tab, (open) => preferences.change({ tab: open }), { defer: true }))
  createEffect(() => window.setTray(menu(), hasZombies()))
  onCleanup(keepReachable(window))
  window.onTray((id) => {
    if (id === 'quit') return window.quit()
    window.show()
    if (id === 'kill') input.killAll()
  })
  window.onShow((tab, view) => input.open(tab, view))
}
