// The native window of this user: one at a time. Its page is admitted exactly as long as its connection lives.
import * as z from 'zod/mini'
import {
  BACKEND_EVENTS,
  type BackendMessage,
  type Handshake,
  keepSchema,
  PAGE_EVENTS,
} from '#contract/window'
import type { WindowService } from '../../services.ts'
import { openWindowLink, type WindowLink } from './window-link.ts'

export interface WindowDeps {
  /** Where the page finds us, with a fresh nonce. */
  introduce(): Omit<BackendMessage, 'kept'>
  /** What the page had kept at the last time; null: nothing. */
  readKept(): string | null
  writeKept(text: string): void
  onFault(error: unknown): void
}

/** The windows that this backend is connected to. */
export function createWindows({ introduce, readKept, writeKept, onFault }: WindowDeps): WindowService {
  const links = new Set<WindowLink>()
  const waiting = new Set<() => void>()
  /** Asked for before the page was there to show it. */
  let wanted: string | null = null
  let hasPage = false

  function onEvent(link: () => WindowLink | null, event: string, data: unknown): void {
    if (event === PAGE_EVENTS.hello) {
      hasPage = true
      link()?.tell(BACKEND_EVENTS.backend, { ...introduce(), kept: readKept() } satisfies BackendMessage)
      if (wanted !== null) link()?.tell(BACKEND_EVENTS.show, { id: wanted })
      wanted = null
    }
    const kept = event === PAGE_EVENTS.keep ? z.safeParse(keepSchema, data) : null
    if (!kept?.success) return
    try {
      writeKept(kept.data.text)
    } catch (error) {
      onFault(error)
    }
  }

  function raise(): void {
    // A window without its page is only about to appear, and comes to the front by itself.
    if (!hasPage) return
    for (const link of links) {
      link.run('window.show')
      link.run('window.unminimize')
      link.run('window.focus')
    }
  }

  function forget(link: WindowLink): void {
    links.delete(link)
    hasPage = false
    if (links.size > 0) return
    for (const resolve of waiting) resolve()
    waiting.clear()
  }

  return {
    origins: () => new Set([...links].map(({ origin }) => origin)),
    async adopt(handshake: Handshake) {
      let own: WindowLink | null = null
      own = await openWindowLink(handshake, (event, data) => onEvent(() => own, event, data))
      if (links.size > 0) {
        // The second one shows the first and goes.
        raise()
        own.run('app.exit')
        own.close()
        return { isOnly: false }
      }
      links.add(own)
      const link = own
      void link.closed.then(() => forget(link))
      return { isOnly: true }
    },
    show(id) {
      if (links.size === 0) return { isShown: false, hasPage: false }
      raise()
      if (id !== null && !hasPage) wanted = id
      for (const link of links) if (id !== null && hasPage) link.tell(BACKEND_EVENTS.show, { id })
      return { isShown: true, hasPage }
    },
    dismiss() {
      for (const link of links) link.run('app.exit')
      return links.size > 0
    },
    gone: () => (links.size === 0 ? Promise.resolve() : new Promise((resolve) => waiting.add(resolve))),
    close() {
      for (const link of links) link.close()
    },
  }
}
