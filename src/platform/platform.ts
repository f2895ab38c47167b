// The functions of the shell around the page, which is a browser or the native window.
import type { InstanceList } from '#contract/instance'

export interface Platform {
  /** Address of the backend; empty: the origin of the page. */
  readonly backendUrl: string
  /** Calls back with address and single-use nonce of each backend that replaces the previous one; absent: the backend is not replaced. */
  readonly onNewBackend?: (callback: (backend: { url: string; nonce: string }) => void) => void
  /** Returns the single-use nonce from the address of the page on the first call; null: none, or already returned. */
  takeNonce(): string | null
  /** The instances known when the page was opened; absent: the page waits for the event stream. */
  readonly firstList?: InstanceList | undefined
  /** The instance whose tab the page was opened for, known after `takeNonce`; null: none. */
  initialTab(): string | null
  /** The view that it was opened with, known then too; null: none. */
  initialView(): string | null
  copyText(text: string): Promise<void>
  /** Saves the text as a download; returns the file name. */
  saveText(fileName: string, text: string): string
  /** Absent: this shell has no desktop notifications. */
  readonly notifications?: DesktopNotifications | undefined
  /** Stores the page's preferences; absent: the browser stores them. */
  readonly preferences?: { read(): string | null; write(text: string): void }
  /** The native window; absent in a browser. */
  readonly window?: WindowControls
}

export interface DesktopNotifications {
  /** Asks for permission if needed; returns whether notifications are allowed. */
  allow(): Promise<boolean>
  /** Shows a notification, replacing one with the same `key`. Does nothing without permission. */
  show(notification: { key: string; title: string; text: string; onOpen: () => void }): void
}

/** A rectangle in desktop pixels. */
export interface Box {
  x: number
  y: number
  width: number
  height: number
}

export interface WindowControls {
  /** Position and size of the window, and of the nearest monitor. */
  readBounds(): Promise<{ window: Box; monitor: Box }>
  setBounds(box: Box): void
  setTitle(title: string): void
  /** 1: no zoom. */
  setZoom(factor: number): void
  /** Keeps the window above other windows. */
  setPinned(isPinned: boolean): void
  /** Sets the tray icon and its menu, if the desktop has a tray; an item without id has no action. */
  setTray(items: readonly { id: string | null; text: string }[], hasZombies: boolean): void
  /** Calls back with the id of the selected menu item. */
  onTray(select: (id: string) => void): void
  show(): void
  hide(): void
  quit(): void
  /** Calls back when `serena-deck open TARGET` requests a tab. */
  onShow(show: (tab: string, view: string | null) => void): void
}
