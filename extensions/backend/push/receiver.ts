// Listens on the port of Serena's tray manager, answers as it does, and passes the messages on as hints. Stores nothing.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { answerOf, type Hint, judgePush, MAX_BODY_BYTES, parseHint } from './tray-protocol.ts'

const HOST = '127.0.0.1'
const MAX_CONNECTIONS = 64

export interface Receiver {
  close(): Promise<void>
}

/** Listens; null: the port is in use (by a real tray manager), or listening is not permitted. */
export function startReceiver(port: number, onHint: (hint: Hint) => void): Promise<Receiver | null> {
  const server = createServer({
    headersTimeout: 3_000,
    requestTimeout: 5_000,
    connectionsCheckingInterval: 1_000,
    maxHeaderSize: 8 * 1024,
    keepAliveTimeout: 1_000,
  })
  server.maxConnections = MAX_CONNECTIONS
  server.on('request', (request, response) => void answer(request, response, port, onHint))
  server.on('upgrade', (_request, socket) => socket.destroy())
  server.on('connect', (_request, socket) => socket.destroy())
  return new Promise((resolve) => {
    server.once('error', () => resolve(null))
    server.listen(port, HOST, () => {
      // A failure of a single connection must not end the process.
      server.on('error', () => undefined)
      resolve({ close: () => close(server) })
    })
  })
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  port: number,
  onHint: (hint: Hint) => void,
): Promise<void> {
  const { method = '', url = '', rawHeaders } = request
  const verdict = judgePush({ method, target: url, rawHeaders }, port)
  if ('status' in verdict) return send(response, verdict.status, { status: 'refused' })
  const { path } = verdict
  if (path === '/health') return send(response, 200, answerOf(path))
  const text = await readBody(request)
  if (text === null) return send(response, 413, { status: 'refused' })
  const hint = parseHint(path, text)
  if (hint === null) return send(response, 400, { status: 'refused' })
  // Serena waits for the answer: it is sent before the hint is handled.
  send(response, 200, answerOf(path))
  onHint(hint)
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    // The body of a refused request is not read: the connection cannot be reused.
    connection: 'close',
  })
  response.end(JSON.stringify(body))
}

/** Null: too large, or cut off. */
async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      bytes += chunk.length
      if (bytes > MAX_BODY_BYTES) return null
      chunks.push(chunk)
    }
  } catch {
    // The caller closed the connection early.
    return null
  }
  return Buffer.concat(chunks).toString('utf8')
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
