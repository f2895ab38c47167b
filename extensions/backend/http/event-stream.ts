// The event stream: hello, snapshot, then deltas and the steps of endings, to each page that listens. A reader that does not read is
// dropped and gets a new snapshot when it reconnects, so that the data that waits for it is bounded.

import { randomUUID } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import type { DeckEvent, InstanceChanges } from '#contract/events'
import { STREAM_VERSION } from '#contract/versions'
import type { EndingService } from '../ending/ending.ts'
import type { HubService } from '../hub/hub-service.ts'
import type { InstanceService } from '../instances/instance-service.ts'

const PING_MS = 15_000
const MAX_QUEUED_BYTES = 2 * 1024 * 1024
const MAX_STALLED_MS = 30_000

export interface EventStream {
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
  /** Monotonic; null: everything written has been sent. */
  stalledSinceMs: number | null
}

export interface EventStreamDeps {
  instances: InstanceService
  ending: Pick<EndingService, 'subscribe'>
  hub: Pick<HubService, 'current' | 'subscribe'>
  version: string
  /** Monotonic milliseconds. */
  now: () => number
}

/** Creates a stream over the instance service. */
export function createEventStream({ instances, ending, hub, version, now }: EventStreamDeps): EventStream {
  const readers = new Map<string, Reader>()
  let sequence = 0
  let dropped = 0

  const unsubscribe = instances.subscribe((changes: InstanceChanges) => {
    sequence++
    broadcast(frame({ type: 'delta', sequence, ...changes }))
  })
  const unsubscribeEnding = ending.subscribe((event) => broadcast(frame(event)))
  const unsubscribeHub = hub.subscribe((status) => broadcast(frame({ type: 'hub', hub: status })))
  const pings = setInterval(() => broadcast(': ping\n\n'), PING_MS).unref()

  function broadcast(text: string): void {
    for (const [id, reader] of readers) write(id, reader, text)
  }

  function write(id: string, reader: Reader, text: string): void {
    if (!reader.response.write(text)) reader.stalledSinceMs ??= now()
    if (!isOverLimit(reader, now())) return
    dropped++
    forget(id)
    reader.response.destroy()
  }

  function forget(id: string): void {
    if (readers.delete(id)) updateVisibility()
  }

  function updateVisibility(): void {
    instances.setVisible([...readers.values()].some(({ isVisible }) => isVisible))
  }

  return {
    attach(response) {
      const id = randomUUID()
      const reader: Reader = { response, isVisible: true, stalledSinceMs: null }
      response.on('drain', () => void (reader.stalledSinceMs = null))
      response.on('close', () => forget(id))
      begin(response)
      response.write(frame({ type: 'hello', schema: STREAM_VERSION, version, streamId: id }))
      response.write(frame({ type: 'snapshot', sequence, list: instances.current() }))
      response.write(frame({ type: 'hub', hub: hub.current() }))
      readers.set(id, reader)
      updateVisibility()
    },
    setVisible(streamId, isVisible) {
      const reader = readers.get(streamId)
      if (reader) reader.isVisible = isVisible
      if (reader) updateVisibility()
      return reader !== undefined
    },
    counts: () => ({ readers: readers.size, dropped }),
    close() {
      unsubscribe()
      unsubscribeEnding()
      unsubscribeHub()
      clearInterval(pings)
      for (const { response } of readers.values()) response.end()
      readers.clear()
    },
  }
}

const isOverLimit = ({ response, stalledSinceMs }: Reader, nowMs: number): boolean =>
  response.writableLength > MAX_QUEUED_BYTES ||
  (stalledSinceMs !== null && nowMs - stalledSinceMs > MAX_STALLED_MS)

/** Sends the first byte immediately, so that the page knows that it is connected. */
function begin(response: ServerResponse): void {
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
  })
  response.write(':\n\n')
}

/** Formats one event. JSON contains no raw line break, so the content is always one `data` line. */
export const frame = (event: DeckEvent): string => `data: ${JSON.stringify(event)}\n\n`
