// Warns of another program beside our own port (N30).
import type { Notice } from '#contract/instance'
import { hasIpv6Neighbour } from './os/ipv6-neighbour.ts'

/** It may come at any time, and harms nobody who came here by our own address. */
const LOOK_EVERY_MS = 60_000

export interface NeighbourWatch {
  /** From now on, and at once. */
  start(port: number): void
  notices(): readonly Notice[]
  close(): void
}

/** `onNews`: somebody came or went. */
export function createNeighbourWatch(onNews: () => void): NeighbourWatch {
  let found: number | null = null
  let timer: ReturnType<typeof setInterval> | undefined

  async function look(port: number): Promise<void> {
    const before = found
    found = (await hasIpv6Neighbour(port)) ? port : null
    if (found !== before) onNews()
  }

  return {
    start(port) {
      timer = setInterval(() => void look(port), LOOK_EVERY_MS).unref()
      void look(port)
    },
    notices: () =>
      found === null
        ? []
        : [
            {
              id: 'ipv6-neighbour',
              level: 'warning',
              text: `Another program listens on [::1]:${found}, and http://localhost:${found}/ may lead there. Serena Deck is http://127.0.0.1:${found}/ alone.`,
            },
          ],
    close: () => clearInterval(timer),
  }
}
