// Our own HTTP port. Warns about another program on the same port of the IPv6 loopback address: `localhost` may resolve to it.
import type { Notice } from '#contract/instance'
import { isPortOpen } from '../os/is-port-open.ts'

/** It may start at any time, and does not affect our own address. */
const PROBE_EVERY_MS = 60_000
const ANSWER_MS = 300

export interface PortWatch {
  /** Our own port; null: not known yet. */
  port(): number | null
  /** Takes our own port. Probes at once, and every minute. */
  start(port: number): void
  notices(): readonly Notice[]
  close(): void
}

/** Creates the watch for another program on the same port of `[::1]`. `onChange` is called when the notice appears or disappears. */
export function createPortWatch(onChange: () => void): PortWatch {
  let own: number | null = null
  let found: number | null = null
  let timer: ReturnType<typeof setInterval> | undefined

  async function probe(port: number): Promise<void> {
    const before = found
    // We listen on 127.0.0.1 only: a listener on ::1 is another program.
    found = (await isPortOpen('::1', port, ANSWER_MS)) ? port : null
    if (found !== before) onChange()
  }

  return {
    port: () => own,
    start(port) {
      own = port
      timer = setInterval(() => void probe(port), PROBE_EVERY_MS).unref()
      void probe(port)
    },
    notices: () => (found === null ? [] : [noticeOf(found)]),
    close: () => clearInterval(timer),
  }
}

const noticeOf = (port: number): Notice => ({
  id: 'ipv6-neighbour',
  level: 'warning',
  text: `Another program listens on [::1]:${port}, so http://localhost:${port}/ may open that program. Serena Deck is at http://127.0.0.1:${port}/ only.`,
})
