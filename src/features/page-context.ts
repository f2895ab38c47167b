// What every part of the page may ask for, whatever shell it runs in.
import { type Accessor, createContext, useContext } from 'solid-js'
import type { Instance } from '#contract/instance'
import type { Backend } from '../client/backend.ts'
import type { Connection } from '../client/event-pump.ts'
import type { Platform } from '../platform/platform.ts'
import type { EndingProgress } from '../state/deck-store.ts'

export type PageDialog =
  | { kind: 'memory'; instanceId: string; instanceTitle: string /** Null: a new one. */; name: string | null }
  | { kind: 'configuration'; instanceId: string; instanceTitle: string }
  | { kind: 'shortcuts' }
  | { kind: 'settings' }
  | {
      kind: 'ending'
      title: string
      /** Null: all red ones. */
      ids: string[] | null
      /** ISO 8601: those that have had an MCP message since then are left alone. */
      unusedSince?: string
    }
  | {
      kind: 'confirm'
      title: string
      text: string
      /** The words on the button. */
      action: string
      run: () => Promise<unknown>
    }

export interface PageContext {
  backend: Backend
  platform: Platform
  /** How the event stream stands. */
  connection: Accessor<Connection>
  /** Epoch milliseconds, slow: for ages. */
  now: Accessor<number>
  /** False: nothing is asked, nobody looks. */
  isVisible: Accessor<boolean>
  /** Says a short sentence to the person, such as what was copied. */
  announce(sentence: string): void
  /** Copies the text and says what was copied. */
  copy(text: string, what: string): void
  /** The newest step of the ending of that instance. */
  ending(instanceId: string): EndingProgress | undefined
  /** The instance as it is now; undefined: it is gone. */
  instance(id: string): Instance | undefined
  /** Opens the tab of that instance. */
  select(id: string): void
  /** Opens a dialog above everything. */
  open(dialog: PageDialog): void
  /** Grows with every change that this page made: what shows details asks anew then. */
  changes: Accessor<number>
  /** Says that something was changed; null: that is seen already. */
  changed(sentence: string | null): void
}

const context = createContext<PageContext>()
export const PageProvider = context.Provider

export function usePage(): PageContext {
  const page = useContext(context)
  if (!page) throw new Error('outside of the page')
  return page
}
