// One connection to the socket of a native window, as its extension: receives messages of its page, and calls its runtime. The runtime
// accepts it by the connect token of its handshake (Neutralino: server/neuserver.cpp, `handleValidate`).
import { randomUUID } from 'node:crypto'
import { WebSocket } from 'ws'
import * as z from 'zod/mini'
import type { Handshake } from '#contract/window'
import { parseJson } from '../lib/parse-json.ts'

const CONNECT_MS = 5_000
/** A window that hangs does not answer the closing handshake. */
const CLOSE_MS = 1_000
const MAX_MESSAGE = 256 * 1024

const messageSchema = z.object({ event: z.string(), data: z.optional(z.unknown()) })

export interface WindowLink {
  /** The origin of the window's page: `http://127.0.0.1:PORT`. */
  readonly origin: string
  /** Sends an event to the page. */
  broadcast(event: string, data: unknown): void
  /** Calls a method of the runtime, such as `window.focus`, without waiting for its answer. */
  run(method: string, data?: unknown): void
  /** Resolves when the connection is closed, by either side. */
  readonly closed: Promise<void>
  /** Closes the connection; without an answer it is cut after a second. */
  close(): void
}

/** Connects; rejects when the window does not accept the connection within 5 s. */
export async function openWindowLink(
  { nlPort, nlToken, nlConnectToken, nlExtensionId }: Handshake,
  onEvent: (link: WindowLink, event: string, data: unknown) => void,
): Promise<WindowLink> {
  const query = new URLSearchParams({ extensionId: nlExtensionId, connectToken: nlConnectToken })
  const socket = new WebSocket(`ws://127.0.0.1:${nlPort}/?${query}`, {
    handshakeTimeout: CONNECT_MS,
    perMessageDeflate: false,
  })
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  socket.on('message', (data: Buffer, isBinary) => {
    const isUsable = !isBinary && data.length <= MAX_MESSAGE
    const message = isUsable ? parseJson(messageSchema, data.toString()) : null
    if (message) onEvent(link, message.event, message.data)
  })

  const run = (method: string, data: unknown = {}): void => {
    if (socket.readyState !== WebSocket.OPEN) return
    socket.send(JSON.stringify({ id: randomUUID(), method, accessToken: nlToken, data }))
  }
  const link: WindowLink = {
    origin: `http://127.0.0.1:${nlPort}`,
    broadcast: (event, data) => run('app.broadcast', { event, data }),
    run,
    closed,
    close() {
      socket.close()
      setTimeout(() => socket.terminate(), CLOSE_MS).unref()
    },
  }
  await opened(socket)
  return link
}

/** An error also closes the socket. */
function opened(socket: WebSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('open', resolve)
    socket.on('error', ({ message }) => reject(new Error(`The window could not be reached: ${message}.`)))
  })
}
