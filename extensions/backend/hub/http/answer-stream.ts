// One response over HTTP: a JSON document when the answer is the first message, else an event stream, which keeps the connection in use
// while a call runs.
import type { ServerResponse } from 'node:http'
import { secondsOf } from '../seconds-of.ts'

export interface AnswerStream {
  /** Sends a message before the answer. */
  message(line: Buffer): void
  /** Sends the last message. `status` counts only when it is the first one, too. */
  answer(line: Buffer, status?: number): void
  /** Ends it without an answer. */
  end(): void
  hasEvents: boolean
  unreadBytes(): number
}

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
const KEEP_ALIVE_MS = 15_000
/** Nothing of what waits was taken in this time: its client has exited without closing the connection. */
const STALLED_MS = secondsOf('SERENA_DECK_HUB_STALL_SECONDS', 600)
const KEEP_ALIVE = ': keep-alive\n\n'

/** Creates the response. */
export function createAnswerStream(response: ServerResponse, options: AnswerOptions): AnswerStream {
  let isStream = false
  let timer: NodeJS.Timeout | null = null
  const stall = createStallCheck(response)

  function startEvents(): void {
    if (isStream || response.headersSent || response.destroyed) return
    isStream = true
    if (timer) clearTimeout(timer)
    response.writeHead(200, {
      ...options.headers,
      'content-type': 'text/event-stream',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
    })
    response.flushHeaders()
    timer = setInterval(
      () => {
        if (stall.isStalled()) response.destroy()
        else response.write(KEEP_ALIVE)
      },
      Math.min(KEEP_ALIVE_MS, STALLED_MS),
    )
  }

  function event(line: Buffer): void {
    startEvents()
    response.write(eventOf(line))
  }

  response.on('drain', options.onDrained)
  response.once('close', () => {
    if (timer) clearInterval(timer)
    options.onClosed()
    options.onDrained()
  })
  if (options.isEvents) startEvents()
  else if (options.hasEvents) timer = setTimeout(startEvents, EVENTS_AFTER_MS)

  return {
    hasEvents: options.hasEvents,
    message(line) {
      if (options.hasEvents) event(line)
    },
    answer(line, status = 200) {
      if (response.destroyed || response.writableEnded) return
      if (!isStream && options.hasJson) {
        response.writeHead(status, {
          ...options.headers,
          'content-type': 'application/json',
          'content-length': line.length,
        })
        return void response.end(line)
      }
      event(line)
      response.end()
    },
    end() {
      if (response.destroyed || response.writableEnded) return
      startEvents()
      response.end()
    },
    unreadBytes: () => (response.destroyed ? 0 : response.writableLength),
  }
}

/** A carriage return is only between values in JSON; in an event it would end the line. */
function eventOf(line: Buffer): Buffer {
  const data = line.includes(0x0d) ? Buffer.from(line.toString('utf8').replaceAll('\r', ' ')) : line
  return Buffer.concat([Buffer.from('event: message\ndata: '), data, Buffer.from('\n\n')])
}

/** Whether its client takes nothing of what waits. */
function createStallCheck(response: ServerResponse): { isStalled(): boolean } {
  let taken = -1
  let sinceMs = performance.now()
  return {
    isStalled() {
      const { socket } = response
      const now = socket === null ? 0 : socket.bytesWritten - socket.writableLength
      if (response.writableLength === 0 || now !== taken) sinceMs = performance.now()
      taken = now
      return performance.now() - sinceMs >= STALLED_MS
    },
  }
}
