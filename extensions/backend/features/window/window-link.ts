// One connection to the socket of a native window, as its extension: messages of its page come in, calls of its runtime go out.
// The runtime admits us by the connect token of its handshake (Neutralino: server/neuserver.cpp, `handleValidate`).
import { randomUUID } from 'node:crypto'
import type { Socket } from 'node:net'
import { Agent, buildConnector, WebSocket } from 'undici'
import * as z from 'zod/mini'
import type { Handshake } from '#contract/window'

const CONNECT_MS = 5_000
/** A window that hangs never answers our goodbye. */
const GOODBYE_MS = 1_000
const MAX_MESSAGE = 256 * 1024

const messageSchema = z.object({ event: z.string(), data: z.optional(z.unknown()) })

export interface WindowLink {
  /** Where the window's page comes from: `http://127.0.0.1:PORT`. */
  readonly origin: string
  /** Tells the page. */
  tell(event: string, data: unknown): void
  /** Calls a method of the runtime, such as `window.focus`; what it answers is not waited for. */
  run(method: string, data?: unknown): void
  /** Resolves when the connection is over, whoever ended it. */
  readonly closed: Promise<void>
  /** Says goodbye; a window that does not answer is left after a second. */
  close(): void
}

/** Connects; rejects when the window does not take us within 5 s. */
export async function openWindowLink(
  { nlPort, nlToken, nlConnectToken, nlExtensionId }: Handshake,
  onEvent: (event: string, data: unknown) => void,
): Promise<WindowLink> {
  const query = new URLSearchParams({ extensionId: nlExtensionId, connectToken: nlConnectToken })
  const wire = makeWire()
  const socket = new WebSocket(`ws://127.0.0.1:${nlPort}/?${query}`, { dispatcher: wire.agent })
  const closed = new Promise<void>((resolve) => {
    socket.addEventListener('close', () => resolve())
    socket.addEventListener('error', () => resolve())
  })
  socket.addEventListener('message', ({ data }) => {
    const message = typeof data === 'string' && data.length <= MAX_MESSAGE ? parseMessage(data) : null
    if (message) onEvent(message.event, message.data)
  })
  await opened(socket)

  const run = (method: string, data: unknown = {}): void => {
    if (socket.readyState !== WebSocket.OPEN) return
    socket.send(JSON.stringify({ id: randomUUID(), method, accessToken: nlToken, data }))
  }
  return {
    origin: `http://127.0.0.1:${nlPort}`,
    tell: (event, data) => run('app.broadcast', { event, data }),
    run,
    closed,
    close() {
      socket.close()
      setTimeout(wire.cut, GOODBYE_MS).unref()
    },
  }
}

/** undici waits for the other's goodbye as long as it takes: this knows the connection below, and can end it. */
function makeWire(): { agent: Agent; cut: () => void } {
  const connect = buildConnector({})
  let wire: Socket | null = null
  const agent = new Agent({
    connect: (options, callback) =>
      connect(options, (...result) => {
        wire = result[1]
        callback(...result)
      }),
  })
  return { agent, cut: () => void wire?.destroy() }
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

function parseMessage(text: string): z.infer<typeof messageSchema> | null {
  try {
    const parsed = z.safeParse(messageSchema, JSON.parse(text))
    return parsed.success ? parsed.data : null
  } catch {
    // Not JSON: nothing of ours.
    return null
  }
}
