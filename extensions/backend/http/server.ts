// The HTTP server: listens on 127.0.0.1 only, passes every request through the gate, and closes without waiting for open streams.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { getRequestListener } from '@hono/node-server'
import type { Hono } from 'hono'
import { AppError, ERRORS, type ErrorCode, errorBody } from '#contract/errors'
import { EVENTS_PATH } from '#contract/routes'
import { openFilesLimit } from '../os/linux/open-files-limit.ts'
import { createConnectionShares, type ShareSizes, shareSizesFor } from './connection-shares.ts'
import type { EventStream } from './event-stream.ts'
import { type GateRules, judgeRequest, windowOriginOf } from './gate.ts'
import type { PageFiles } from './page-files.ts'
import { createPathMethods } from './path-methods.ts'
import { SECURITY_HEADERS } from './security-headers.ts'
import type { Sessions } from './sessions.ts'

const HOST = '127.0.0.1'
const CLOSE_MS = 1_000
/** The maximum number of connections that wait to be accepted; the kernel has its own limit (somaxconn). */
const BACKLOG = 4_096

export interface ServerLimits {
  headersTimeoutMs: number
  requestTimeoutMs: number
  checkMs: number
}
/** On a busy machine seconds can pass between connecting and sending headers. A check may be late by its own interval. */
const LIMITS: ServerLimits = { headersTimeoutMs: 4_000, requestTimeoutMs: 15_000, checkMs: 250 }

export interface ServerDeps {
  app: Hono
  stream: EventStream
  sessions: Sessions
  page: PageFiles
  /** Origins of connected native windows. */
  windowOrigins?: () => ReadonlySet<string>
  limits?: ServerLimits
  /** How many connections are kept; default: by the limit of open files. */
  shares?: ShareSizes
}

export interface RunningServer {
  port: number
  close(): Promise<void>
}

/** Listens on 127.0.0.1:port (0: any free one). AppError `port-taken` or `port-forbidden`. */
export async function startServer(
  { app, stream, sessions, page, windowOrigins = () => new Set(), limits = LIMITS, shares }: ServerDeps,
  port: number,
): Promise<RunningServer> {
  const answer = getRequestListener(app.fetch, { overrideGlobalObjects: false })
  const paths = createPathMethods((path) => page.has(path))
  const server = createServer({
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    connectionsCheckingInterval: limits.checkMs,
    maxHeaderSize: 16 * 1024,
    keepAliveTimeout: 5_000,
  })
  server.maxHeadersCount = 64
  const listening = await listen(server, port)
  const rules: GateRules = {
    port: listening,
    methodsOf: paths.methodsOf,
    isOpen: paths.isOpen,
    isPage: (path) => path === '/',
    isToken: sessions.isToken,
    isGuessing: sessions.isGuessing,
    windowOrigins,
  }

  const connections = createConnectionShares<Duplex>(shares ?? shareSizesFor(openFilesLimit()))
  server.on('connection', (socket) => connections.add(socket))

  // Our own clients never send a second request before the first is answered. Hundreds in one packet, whose answers are never read,
  // would all be handled and kept.
  const answering = new WeakSet<Duplex>()
  server.on('request', (request, response) => {
    const { socket } = request
    if (answering.has(socket)) return void socket.destroy()
    answering.add(socket)
    response.once('close', () => answering.delete(socket))
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value)
    const raw = rawOf(request)
    const origin = windowOriginOf(raw, rules)
    if (origin !== null) for (const [name, value] of crossOrigin(origin)) response.setHeader(name, value)
    const verdict = judgeRequest(raw, rules)
    if (!verdict.isPassed || rules.isOpen(verdict.path)) connections.hear(socket)
    else if (!connections.prove(socket)) return
    if (origin !== null && request.method === 'OPTIONS') response.writeHead(204).end()
    else if (!verdict.isPassed) refuse(response, verdict.code, request.headers.accept)
    else if (verdict.path === EVENTS_PATH) stream.attach(response)
    else void answer(request, response)
  })
  server.on('upgrade', (_request, socket) => dismiss(socket, bareRefusal(426, 'Upgrade Required')))
  server.on('connect', (_request, socket) => dismiss(socket, bareRefusal(405, 'Method Not Allowed')))
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) return
    const isLate = error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
    dismiss(socket, isLate ? bareRefusal(408, 'Request Timeout') : bareRefusal(400, 'Bad Request'))
  })

  return { port: listening, close: () => close(server) }
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') reject(new AppError('port-taken', { port }, { cause: error }))
      else if (error.code === 'EACCES') reject(new AppError('port-forbidden', { port }, { cause: error }))
      else reject(error)
    })
    server.listen({ port, host: HOST, backlog: BACKLOG }, () =>
      resolve((server.address() as AddressInfo).port),
    )
  })
}

const rawOf = ({ method = '', url = '', rawHeaders }: IncomingMessage) => ({
  method,
  target: url,
  rawHeaders,
})

/** The CORS headers for the page of the window: what it may send and read. */
const crossOrigin = (origin: string): [string, string][] => [
  ['access-control-allow-origin', origin],
  ['access-control-allow-methods', 'GET, POST, PUT'],
  ['access-control-allow-headers', 'authorization, content-type'],
  ['access-control-max-age', '600'],
  ['vary', 'origin'],
]

/** For a mistyped address. Like the error texts, it contains no part of the request. */
const NOTHING_HERE = `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Serena Deck</title>
<p>Page not found. <a href="/">Open Serena Deck</a></p></html>
`

function refuse(response: ServerResponse, code: ErrorCode, accept = ''): void {
  const isForPerson = code === 'not-found' && /\btext\/html\b/.test(accept)
  response.writeHead(ERRORS[code].status, {
    'content-type': isForPerson ? 'text/html; charset=utf-8' : 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    // What follows on this connection would be the body of a refused request.
    connection: 'close',
  })
  response.end(isForPerson ? NOTHING_HERE : JSON.stringify(errorBody(code)))
}

const bareRefusal = (status: number, reason: string): string =>
  `HTTP/1.1 ${status} ${reason}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`

/** Ends a socket: its errors have no other listener, and a half-closed one would stay open forever. */
function dismiss(socket: Duplex, refusal: string): void {
  socket.on('error', () => undefined) // the peer may have closed it
  socket.end(refusal, () => socket.destroy())
  // A peer that reads nothing must not keep it open.
  setTimeout(() => socket.destroy(), CLOSE_MS).unref()
}

/** Streams never end on their own: connections that are still open after a moment are closed. */
function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), CLOSE_MS)
    server.close(() => {
      clearTimeout(cut)
      resolve()
    })
    server.closeIdleConnections()
  })
}
