// Warns of another program beside our own port (N30).
import type { Notice } from '#contract/instance'
import { somebodyListens } from './os/somebody-listens.ts'

/** It may come at any time, and harms nobody who came here by our own address. */
const LOOK_EVERY_MS = 60_000
const ANSWER_MS = 300

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
    // We listen on 127.0.0.1 alone: whoever is there is not us.
    found = (await somebodyListens('::1', port, ANSWER_MS)) ? port : null
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
