// One connection to the socket of a native window, as its extension: receives messages of its page, and calls its runtime. The runtime
// accepts it by the connect token of its handshake (Neutralino: server/neuserver.cpp, `handleValidate`).
import { randomUUID } from 'node:crypto'
import type { Socket } from 'node:net'
import { Agent, buildConnector, WebSocket } from 'undici'
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
  const connection = makeConnection()
  const socket = new WebSocket(`ws://127.0.0.1:${nlPort}/?${query}`, { dispatcher: connection.agent })
  const closed = new Promise<void>((resolve) => {
    socket.addEventListener('close', () => resolve())
    socket.addEventListener('error', () => resolve())
  })
  socket.addEventListener('message', ({ data }) => {
    const message =
      typeof data === 'string' && data.length <= MAX_MESSAGE ? parseJson(messageSchema, data) : null
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
      setTimeout(connection.cut, CLOSE_MS).unref()
    },
  }
  await opened(socket)
  return link
}

/** undici waits for the other side's close frame without a limit: this holds the connection below, and can cut it. */
function makeConnection(): { agent: Agent; cut: () => void } {
  const connect = buildConnector({})
  let connection: Socket | null = null
  const agent = new Agent({
    connect: (options, callback) =>
      connect(options, (...result) => {
        connection = result[1]
        callback(...result)
      }),
  })
  return { agent, cut: () => void connection?.destroy() }
}

function opened(socket: WebSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => fail('it did not answer'), CONNECT_MS)
    const fail = (why: string): void => {
      clearTimeout(timer)
      socket.close()
      reject(new Error(`The window could not be reached: ${why}.`))
    }
    socket.addEventListener('open', () => {
      clearTimeout(timer)
      resolve()
    })
    socket.addEventListener('error', () => fail('the connection was refused'))
  })
}
