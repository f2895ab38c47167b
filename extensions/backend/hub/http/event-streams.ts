// The open event streams of one client over HTTP: they get what belongs to no request. Pure, apart from what it sends.
import { partsOf } from '../../mcp/message-parts.ts'
import type { Listener } from './reply.ts'

export interface EventStreams {
  /** Returns a function that removes it. */
  add(listener: Listener): () => void
  newest(): Listener | null
  /** Sends a notification. */
  message(line: Buffer): void
  /** Ends all. */
  end(): void
  unreadBytes(): number
  isEmpty(): boolean
}

/** Messages that wait for an event stream. */
const MOST_PENDING = 32

/** Creates none. `isSession`: each message goes to one stream of the client; without a session each stream asks for its own. */
export function createEventStreams(isSession: boolean): EventStreams {
  const listeners = new Set<Listener>()
  let pending: Buffer[] = []

  const newest = (): Listener | null => [...listeners].at(-1) ?? null

  /** What says that a list has changed waits for the next stream. */
  function keep(line: Buffer): void {
    const isChange = partsOf(line)?.method?.endsWith('/list_changed')
    if (!isChange || pending.some((one) => one.equals(line))) return
    pending = [...pending, line].slice(-MOST_PENDING)
  }

  return {
    add(listener) {
      listeners.add(listener)
      for (const line of pending) listener.message(line)
      pending = []
      return () => listeners.delete(listener)
    },
    newest,
    message(line) {
      const chosen = isSession ? [...listeners].slice(-1) : [...listeners]
      for (const listener of chosen) listener.message(line)
      if (isSession && chosen.length === 0) keep(line)
    },
    end() {
      for (const listener of listeners) listener.end()
      listeners.clear()
    },
    unreadBytes: () => [...listeners].reduce((sum, one) => sum + one.unreadBytes(), 0),
    isEmpty: () => listeners.size === 0,
  }
}
