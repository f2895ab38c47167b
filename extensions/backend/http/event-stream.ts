// The event stream: hello, snapshot, then deltas and the steps of endings, to each page that listens.

import { randomUUID } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import type { DeckEvent, InstanceChanges } from '#contract/events'
import { STREAM_VERSION } from '#contract/versions'
import type { EndingService } from '../ending/ending.ts'
import type { HubService } from '../hub/hub-service.ts'
import type { InstanceService } from '../instances/instance-service.ts'
import { createStreamReaders } from './stream-readers.ts'

const PING_MS = 15_000

export interface EventStream {
  /** Streams to this response until it closes. */
  attach(response: ServerResponse): void
  /** False: no such stream. */
  setVisible(streamId: string, isVisible: boolean): boolean
  counts(): { readers: number; dropped: number }
  close(): void
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
  const readers = createStreamReaders(now, instances.setVisible)
  let sequence = 0

  const unsubscribe = instances.subscribe((changes: InstanceChanges) => {
    sequence++
    readers.broadcast(frame({ type: 'delta', sequence, ...changes }))
  })
  const unsubscribeEnding = ending.subscribe((event) => readers.broadcast(frame(event)))
  const unsubscribeHub = hub.subscribe((status) => readers.broadcast(frame({ type: 'hub', hub: status })))
  const pings = setInterval(() => readers.broadcast(': ping\n\n'), PING_MS).unref()

  return {
    attach(response) {
      const id = randomUUID()
      begin(response)
      response.write(frame({ type: 'hello', schema: STREAM_VERSION, version, streamId: id }))
      response.write(frame({ type: 'snapshot', sequence, list: instances.current() }))
      response.write(frame({ type: 'hub', hub: hub.current() }))
      readers.add(id, response)
    },
    setVisible: readers.setVisible,
    counts: readers.counts,
    close() {
      unsubscribe()
      unsubscribeEnding()
      unsubscribeHub()
      clearInterval(pings)
      readers.close()
    },
  }
}

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
