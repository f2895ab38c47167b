// The readers of the event stream. A reader that does not read is dropped and gets a new snapshot when it reconnects, so that the data
// that waits for it is bounded.
import type { ServerResponse } from 'node:http'

const MAX_QUEUED_BYTES = 2 * 1024 * 1024
const MAX_STALLED_MS = 30_000

export interface StreamReaders {
  /** Adds a visible reader until its response closes. */
  add(id: string, response: ServerResponse): void
  /** False: no such reader. */
  setVisible(id: string, isVisible: boolean): boolean
  broadcast(text: string): void
  counts(): { readers: number; dropped: number }
  /** Ends all responses. */
  close(): void
}

interface Reader {
  response: ServerResponse
  isVisible: boolean
  /** Monotonic; null: everything written has been sent. */
  stalledSinceMs: number | null
}

/** Creates an empty set. `onVisible` is called with whether any reader is visible, when that may have changed. */
export function createStreamReaders(
  now: () => number,
  onVisible: (isVisible: boolean) => void,
): StreamReaders {
  const readers = new Map<string, Reader>()
  let dropped = 0

  const updateVisibility = (): void => onVisible([...readers.values()].some(({ isVisible }) => isVisible))

  function forget(id: string): void {
    if (readers.delete(id)) updateVisibility()
  }

  function write(id: string, reader: Reader, text: string): void {
    if (!reader.response.write(text)) reader.stalledSinceMs ??= now()
    if (!isOverLimit(reader, now())) return
    dropped++
    forget(id)
    reader.response.destroy()
  }

  return {
    add(id, response) {
      const reader: Reader = { response, isVisible: true, stalledSinceMs: null }
      response.on('drain', () => void (reader.stalledSinceMs = null))
      response.on('close', () => forget(id))
      readers.set(id, reader)
      updateVisibility()
    },
    setVisible(id, isVisible) {
      const reader = readers.get(id)
      if (reader === undefined) return false
      reader.isVisible = isVisible
      updateVisibility()
      return true
    },
    broadcast(text) {
      for (const [id, reader] of readers) write(id, reader, text)
    },
    counts: () => ({ readers: readers.size, dropped }),
    close() {
      for (const { response } of readers.values()) response.end()
      readers.clear()
    },
  }
}

const isOverLimit = ({ response, stalledSinceMs }: Reader, nowMs: number): boolean =>
  response.writableLength > MAX_QUEUED_BYTES ||
  (stalledSinceMs !== null && nowMs - stalledSinceMs > MAX_STALLED_MS)
