// Writes a response over HTTP as an event stream, with comments that keep the connection in use.
import type { ServerResponse } from 'node:http'
import { secondsOf } from '../seconds-of.ts'
import { createStallCheck } from './stall-check.ts'

export interface EventWriter {
  hasStarted(): boolean
  /** Sends the headers, if none were sent. */
  start(): void
  write(line: Buffer): void
}

const KEEP_ALIVE_MS = 15_000
const KEEP_ALIVE = ': keep-alive\n\n'
/** Nothing of what waits was taken in this time: its client has exited without closing the connection. */
const STALLED_MS = secondsOf('SERENA_DECK_HUB_STALL_SECONDS', 600)

/** Creates the writer; a client that takes nothing is disconnected. */
export function createEventWriter(
  response: ServerResponse,
  headers: Readonly<Record<string, string>>,
): EventWriter {
  const stall = createStallCheck(response, STALLED_MS, () => performance.now())
  let hasStarted = false

  function keepAlive(): void {
    if (stall.isStalled()) response.destroy()
    else response.write(KEEP_ALIVE)
  }

  function start(): void {
    if (hasStarted || response.headersSent || response.destroyed) return
    hasStarted = true
    response.writeHead(200, {
      ...headers,
      'content-type': 'text/event-stream',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
    })
    response.flushHeaders()
    const timer = setInterval(keepAlive, Math.min(KEEP_ALIVE_MS, STALLED_MS))
    response.once('close', () => clearInterval(timer))
  }

  return {
    hasStarted: () => hasStarted,
    start,
    write(line) {
      start()
      response.write(eventOf(line))
    },
  }
}

/** Returns one event. A carriage return is only between values in JSON; in an event it would end the line. */
export function eventOf(line: Buffer): Buffer {
  const data = line.includes(0x0d) ? Buffer.from(line.toString('utf8').replaceAll('\r', ' ')) : line
  return Buffer.concat([Buffer.from('event: message\ndata: '), data, Buffer.from('\n\n')])
}
