// The services for every part of the page, independent of the shell around it.
import { type Accessor, createContext, useContext } from 'solid-js'
import type { HubStatus } from '#contract/hub'
import type { Instance } from '#contract/instance'
import type { Backend } from '../client/backend.ts'
import type { Connection } from '../client/event-pump.ts'
import type { EndingProgress } from './deck-store.ts'
import type { PageDialog } from './page-dialog.ts'
import type { UsageStore } from './usage-store.ts'

/** The button of a status message. */
export interface ToastAction {
  label: string
  run: () => unknown
}

export interface PageContext {
  backend: Backend
  /** State of the event stream. */
  connection: Accessor<Connection>
  /** Current time in epoch milliseconds, updated every 10 s, for ages. */
  now: Accessor<number>
  /** False while the page is hidden: polling is paused. */
  isVisible: Accessor<boolean>
  /** True in the native window, false in a browser. */
  hasNativeWindow: boolean
  /** Shows a short status message, also to screen readers. */
  announce(sentence: string, action?: ToastAction): void
  /** Copies the text and announces that it was copied, with its name. */
  copy(text: string, name: string): void
  /** Saves the text as a download; returns the file name. */
  saveText(fileName: string, text: string): string
  /** The latest progress of ending that instance. */
  ending(instanceId: string): EndingProgress | undefined
  /** The current instance; undefined: it is no longer listed. */
  instance(id: string): Instance | undefined
  /** The state of the hub; null: no hub is running. */
  hub: Accessor<HubStatus | null>
  /** What the instances used in the last hour. */
  usage: UsageStore
  /** Opens the tab of that instance. */
  select(id: string): void
  /** Opens a dialog. */
  open(dialog: PageDialog): void
  /** Counts the changes made by this page: each change triggers a poll of the details. */
  changes: Accessor<number>
  /** Reports a change made by this page; null: no message, because the result is already visible. */
  changed(sentence: string | null, action?: ToastAction): void
}

const context = createContext<PageContext>()
export const PageProvider = context.Provider

export function usePage(): PageContext {
  const page = useContext(context)
  if (!page) throw new Error('usePage outside of PageProvider')
  return page
}
