// The event stream: hello, snapshot, then deltas and the steps of endings, to each page that listens. A reader that does not read is dropped and takes
// the snapshot when it comes back: nothing is ever kept for it without bound.
import { randomUUID } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import type { DeckEvent, InstanceChanges } from '#contract/events'
import { SCHEMA_VERSION } from '#contract/instance'
import type { EndingService, InstanceService } from '../services.ts'

const PING_MS = 15_000
const MAX_QUEUED_BYTES = 2 * 1024 * 1024
const MAX_STALLED_MS = 30_000

export interface EventHub {
  /** Streams to this response until it closes. */
  attach(response: ServerResponse): void
  /** False: no such stream. */
  setVisible(streamId: string, isVisible: boolean): boolean
  counts(): { readers: number; dropped: number }
  close(): void
}

interface Reader {
  response: ServerResponse
  isVisible: boolean
  /** Monotonic; null: all that was written has gone out. */
  stalledSinceMs: number | null
}

export interface EventHubDeps {
  instances: InstanceService
  ending: Pick<EndingService, 'subscribe'>
  version: string
  /** Monotonic milliseconds. */
  now: () => number
}

/** A hub over the instance service. */
export function createEventHub({ instances, ending, version, now }: EventHubDeps): EventHub {
  const readers = new Map<string, Reader>()
  let sequence = 0
  let dropped = 0

  const unsubscribe = instances.subscribe((changes: InstanceChanges) => {
    sequence++
    broadcast(frame({ type: 'delta', sequence, ...changes }))
  })
  const unsubscribeEnding = ending.subscribe((event) => broadcast(frame(event)))
  const pings = setInterval(() => broadcast(': ping\n\n'), PING_MS)
  pings.unref()

  function broadcast(text: string): void {
    for (const [id, reader] of readers) write(id, reader, text)
  }

  function write(id: string, reader: Reader, text: string): void {
    const { response } = reader
    if (!response.write(text)) reader.stalledSinceMs ??= now()
    const isStalled = reader.stalledSinceMs !== null && now() - reader.stalledSinceMs > MAX_STALLED_MS
    if (response.writableLength <= MAX_QUEUED_BYTES && !isStalled) return
    dropped++
    forget(id)
    response.destroy()
  }

  function forget(id: string): void {
    if (readers.delete(id)) tellVisibility()
  }

  function tellVisibility(): void {
    instances.setVisible([...readers.values()].some(({ isVisible }) => isVisible))
  }

  return {
    attach(response) {
      const id = randomUUID()
      const reader: Reader = { response, isVisible: true, stalledSinceMs: null }
      response.on('drain', () => {
        reader.stalledSinceMs = null
      })
      response.on('close', () => forget(id))
      // The first byte at once, so that the page knows it is connected; no turn of the loop lies between snapshot and deltas.
      response.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
      })
      response.write(':\n\n')
      response.write(frame({ type: 'hello', schema: SCHEMA_VERSION, version, streamId: id }))
      response.write(frame({ type: 'snapshot', sequence, list: instances.current() }))
      readers.set(id, reader)
      tellVisibility()
    },
    setVisible(streamId, isVisible) {
      const reader = readers.get(streamId)
      if (!reader) return false
      reader.isVisible = isVisible
      tellVisibility()
      return true
    },
    counts: () => ({ readers: readers.size, dropped }),
    close() {
      unsubscribe()
      unsubscribeEnding()
      clearInterval(pings)
      for (const { response } of readers.values()) response.end()
      readers.clear()
    },
  }
}

/** One event: JSON holds no raw line break, so whatever it carries stays one `data` line. */
export const frame = (event: DeckEvent): string => `data: ${JSON.stringify(event)}\n\n`
