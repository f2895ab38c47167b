// One response over HTTP: a JSON document when the answer is the first message, else an event stream, which keeps the connection in use
// while a call runs.
import type { ServerResponse } from 'node:http'
import { createEventWriter } from './event-writer.ts'
import type { Reply } from './reply.ts'

export interface AnswerOptions {
  hasJson: boolean
  hasEvents: boolean
  headers: Readonly<Record<string, string>>
  /** Becomes an event stream at once, as for GET. */
  isEvents?: boolean
  /** The connection is closed, or everything was sent. */
  onClosed(): void
  onDrained(): void
}

/** Clients and what is between may give up on a request without any byte. */
const EVENTS_AFTER_MS = 3_000

/** Creates the response. */
export function createAnswerStream(response: ServerResponse, options: AnswerOptions): Reply {
  const { hasJson, hasEvents, headers } = options
  const events = createEventWriter(response, headers)
  const isOver = (): boolean => response.destroyed || response.writableEnded

  response.on('drain', options.onDrained)
  response.once('close', () => {
    options.onClosed()
    options.onDrained()
  })
  if (options.isEvents) events.start()
  else if (hasEvents) {
    const timer = setTimeout(events.start, EVENTS_AFTER_MS)
    response.once('close', () => clearTimeout(timer))
  }

  return {
    hasEvents,
    message(line) {
      if (hasEvents) events.write(line)
    },
    answer(line, status = 200) {
      if (isOver()) return
      if (hasJson && !events.hasStarted()) {
        response.writeHead(status, {
          ...headers,
          'content-type': 'application/json',
          'content-length': line.length,
        })
        return void response.end(line)
      }
      events.write(line)
      response.end()
    },
    end() {
      if (isOver()) return
      events.start()
      response.end()
    },
    unreadBytes: () => (response.destroyed ? 0 : response.writableLength),
  }
}
