// What the shell around the page can do. The page asks for these, never for the shell.
import type { InstanceList } from '#contract/instance'

export interface Platform {
  /** Where the backend listens; empty: where the page came from. */
  readonly backendUrl: string
  /** Calls back with the address and a single-use nonce of each backend that takes the place of the one before; absent: none does. */
  readonly onNewBackend?: (callback: (backend: { url: string; nonce: string }) => void) => void
  /** The single-use nonce this page was opened with, once; null: it was opened without one. */
  takeNonce(): string | null
  /** What the shell knew of the instances when the page began; absent: the page waits for its stream. */
  readonly firstList?: InstanceList | undefined
  /** The instance whose tab this page was opened for, once it has taken the nonce; null: none. */
  wantedTab(): string | null
  copyText(text: string): Promise<void>
  /** Offers the text as a file of that name; the name it was offered by. */
  saveText(fileName: string, text: string): string
  /** Notices on the desktop, beside the page; absent: this shell has none. */
  readonly notices?: DesktopNotices | undefined
  /** Keeps the page's preferences; absent: the browser does. */
  readonly preferences?: { read(): string | null; write(text: string): void }
  /** The native window around the page; absent: a browser's window is not ours. */
  readonly window?: WindowControls
}

export interface DesktopNotices {
  /** Whether they may be shown; asks the person where that is not decided yet. */
  allow(): Promise<boolean>
  /** One notice; another of the same `key` takes its place. Nothing happens while they may not be shown. */
  show(notice: { key: string; title: string; text: string; onOpen: () => void }): void
}

/** In the desktop's pixels. */
export interface Box {
  x: number
  y: number
  width: number
  height: number
}

export interface WindowControls {
  /** Where it stands, and the monitor that it is nearest to. */
  place(): Promise<{ window: Box; monitor: Box }>
  put(box: Box): void
  setTitle(title: string): void
  /** 1: as it is. */
  setZoom(factor: number): void
  /** Keeps it above all others. */
  setPinned(isPinned: boolean): void
  /** The icon in the tray, where the desktop has one, with its menu; an item without id cannot be chosen. */
  setTray(items: readonly { id: string | null; text: string }[], isAlarmed: boolean): void
  /** What was chosen in that menu. */
  onTray(choose: (id: string) => void): void
  show(): void
  hide(): void
  quit(): void
  /** Somebody asked for this tab, by `serena-deck open TARGET`. */
  onShow(show: (instanceId: string) => void): void
}
