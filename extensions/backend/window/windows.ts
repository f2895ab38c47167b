// The native window of this user: one at a time. Its page is accepted only while its connection exists.

import * as z from 'zod/mini'
import {
  BACKEND_EVENTS,
  type BackendMessage,
  type Handshake,
  keepSchema,
  PAGE_EVENTS,
  type showMessageSchema,
} from '#contract/window'
import type { WindowLink } from './window-link.ts'

/** The native window. */
export interface WindowService {
  /** Returns the origins of the pages that are accepted now: those of connected windows. */
  origins(): ReadonlySet<string>
  /** Connects to a window. `isOnly` false: another window is connected and was raised; the new one is closed. */
  adopt(handshake: Handshake): Promise<{ isOnly: boolean }>
  /** Raises the window and opens that tab with that view; an absent one stays as it is. Not `hasPage`: the page has not connected yet. */
  show(tab: string | null, view?: string): { isShown: boolean; hasPage: boolean }
  /** Closes the window; false: there is none. */
  dismiss(): boolean
  /** Resolves when no window is connected. */
  untilClosed(): Promise<void>
  close(): void
}

export interface WindowDeps {
  /** The address of the backend, with a new nonce. */
  introduce(): Omit<BackendMessage, 'kept'>
  /** What the page stored before; null: nothing. */
  readStorage(): string | null
  writeStorage(text: string): void
  onFault(error: unknown): void
}

/** Creates the windows that this backend is connected to: one, except for a moment. */
export function createWindows(deps: WindowDeps): WindowService {
  const links = new Set<WindowLink>()
  const waiting = new Set<() => void>()
  const page = createPageState()

  function raise(): void {
    // A window without its page is about to appear, and comes to the front on its own.
    if (page.hasPage()) for (const link of links) bringToFront(link)
  }

  function forget(link: WindowLink): void {
    links.delete(link)
    page.reset()
    if (links.size > 0) return
    for (const resolve of waiting) resolve()
    waiting.clear()
  }

  return {
    origins: () => new Set([...links].map(({ origin }) => origin)),
    async adopt(handshake: Handshake) {
      // Its library is not needed without a window.
      const { openWindowLink } = await import('./window-link.ts')
      const link = await openWindowLink(handshake, (from, event, data) => {
        if (event === PAGE_EVENTS.hello) page.greet(from, deps)
        if (event === PAGE_EVENTS.keep) store(data, deps)
      })
      if (links.size > 0) {
        raise()
        link.run('app.exit')
        link.close()
        return { isOnly: false }
      }
      links.add(link)
      void link.closed.then(() => forget(link))
      return { isOnly: true }
    },
    show(id, view) {
      if (links.size === 0) return { isShown: false, hasPage: false }
      raise()
      if (id !== null) page.show({ id, ...(view !== undefined && { view }) }, links)
      return { isShown: true, hasPage: page.hasPage() }
    },
    dismiss() {
      for (const link of links) link.run('app.exit')
      return links.size > 0
    },
    untilClosed: () =>
      links.size === 0 ? Promise.resolve() : new Promise((resolve) => waiting.add(resolve)),
    close() {
      for (const link of links) link.close()
    },
  }
}

function bringToFront({ run }: WindowLink): void {
  run('window.show')
  run('window.unminimize')
  run('window.focus')
}

type ShowMessage = z.infer<typeof showMessageSchema>

/** Whether the page has connected, and the tab that was requested before it had. */
function createPageState() {
  let hasPage = false
  let requested: ShowMessage | null = null
  return {
    hasPage: () => hasPage,
    greet({ broadcast }: WindowLink, { introduce, readStorage }: WindowDeps): void {
      hasPage = true
      broadcast(BACKEND_EVENTS.backend, { ...introduce(), kept: readStorage() } satisfies BackendMessage)
      if (requested !== null) broadcast(BACKEND_EVENTS.show, requested)
      requested = null
    },
    show(message: ShowMessage, links: Iterable<WindowLink>): void {
      if (!hasPage) requested = message
      else for (const { broadcast } of links) broadcast(BACKEND_EVENTS.show, message)
    },
    reset(): void {
      hasPage = false
    },
  }
}

function store(data: unknown, { writeStorage, onFault }: WindowDeps): void {
  const kept = z.safeParse(keepSchema, data)
  if (!kept.success) return
  try {
    writeStorage(kept.data.text)
  } catch (error) {
    onFault(error)
  }
}
