// Serves one request to /mcp/PROJECT that has passed the checks of http-request.ts.
import type { IncomingMessage } from 'node:http'
import { isFields } from '../../lib/fields.ts'
import { PROTOCOL_VERSIONS } from '../../mcp/initialize.ts'
import { partsOf } from '../../mcp/message-parts.ts'
import { createAnswerStream } from './answer-stream.ts'
import type { HttpClient } from './http-client.ts'
import { isModern, judgeModern, type ModernHeaders } from './modern-request.ts'
import { type Exchange, type Posted, passOn, unknownProject } from './pass-on.ts'
import { onOneLine, readBody } from './read-body.ts'
import {
  INVALID_REQUEST,
  PARSE_ERROR,
  refuse,
  SECURITY_HEADERS,
  SERVER_ERROR,
  SESSION_NOT_FOUND,
} from './respond.ts'
import { serveModern } from './serve-modern.ts'

export const MAX_BODY_BYTES = 16 * 1024 * 1024
const SESSION_HEADER = 'mcp-session-id'

/** Serves it; resolves when the response has begun or the request was passed on. */
export async function serveHttpRequest(exchange: Exchange): Promise<void> {
  const { method } = exchange.request
  if (method === 'GET') return serveListener(exchange)
  if (method === 'DELETE') return endSession(exchange)
  return servePost(exchange)
}

const headerOf = ({ headers }: IncomingMessage, name: string): string | null => {
  const value = headers[name]
  return typeof value === 'string' ? value.trim() : null
}

async function serveListener({ request, response, route, sessions }: Exchange): Promise<void> {
  const id = headerOf(request, SESSION_HEADER)
  if (id === null)
    return refuse(response, { status: 405, code: SERVER_ERROR, message: 'Method not allowed' }, 'null', {
      allow: 'POST',
    })
  if (!accepts(request).hasEvents)
    return refuse(response, {
      status: 406,
      code: SERVER_ERROR,
      message: 'Accept must name text/event-stream',
    })
  const session = await sessions.find(id, route)
  if (session === null) return refuse(response, unknownSession)
  let unlisten = (): void => undefined
  const stream = createAnswerStream(response, {
    hasJson: false,
    hasEvents: true,
    isEvents: true,
    headers: { ...SECURITY_HEADERS, [SESSION_HEADER]: id },
    onClosed: () => unlisten(),
    onDrained: () => session.client.session.drained(),
  })
  unlisten = session.client.listen(stream)
}

const unknownSession = { status: 404, code: SESSION_NOT_FOUND, message: 'Session not found' }

function endSession({ request, response, sessions }: Exchange): void {
  const id = headerOf(request, SESSION_HEADER)
  if (id === null)
    return refuse(response, { status: 400, code: SERVER_ERROR, message: 'Mcp-Session-Id is missing' })
  if (!sessions.end(id)) return refuse(response, unknownSession)
  response.writeHead(200, { ...SECURITY_HEADERS, 'content-length': 0 }).end()
}

async function servePost(exchange: Exchange): Promise<void> {
  const { request, response } = exchange
  if (!/^application\/json\s*(;|$)/i.test(headerOf(request, 'content-type') ?? ''))
    return refuse(response, {
      status: 415,
      code: SERVER_ERROR,
      message: 'Content-Type must be application/json',
    })
  const { hasJson, hasEvents } = accepts(request)
  if (!hasJson && !hasEvents)
    return refuse(response, {
      status: 406,
      code: SERVER_ERROR,
      message: 'Accept must name application/json and text/event-stream',
    })
  const body = await readBody(request, MAX_BODY_BYTES)
  if (body.kind === 'aborted') return
  if (body.kind === 'too-large')
    return refuse(response, { status: 413, code: SERVER_ERROR, message: 'The body exceeds 16 MiB' }, 'null', {
      connection: 'close',
    })
  const message = jsonOf(body.bytes)
  if (message === undefined)
    return refuse(response, { status: 400, code: PARSE_ERROR, message: 'Invalid JSON' })
  const line = onOneLine(body.bytes)
  const parts = isFields(message) && message['jsonrpc'] === '2.0' ? partsOf(line) : null
  if (!isFields(message) || parts === null || (parts.rawId !== null && !isId(message['id'])))
    return refuse(response, { status: 400, code: INVALID_REQUEST, message: 'Not a JSON-RPC message' })
  const posted = { line, parts, id: parts.rawId ?? 'null', message, hasJson, hasEvents }
  const headers: ModernHeaders = {
    version: headerOf(request, 'mcp-protocol-version'),
    method: headerOf(request, 'mcp-method'),
    name: headerOf(request, 'mcp-name'),
  }
  if (parts.kind === 'answer' || !isModern(message, headers))
    return serveSession(exchange, posted, headers.version)
  const rejection = judgeModern(message, headers)
  if (rejection !== null) return refuse(response, rejection, posted.id)
  return serveModern(exchange, posted)
}

const isId = (id: unknown): boolean => typeof id === 'string' || Number.isInteger(id)

function jsonOf(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8')) as unknown
  } catch {
    // Answered with an error.
    return undefined
  }
}

function accepts(request: IncomingMessage): { hasJson: boolean; hasEvents: boolean } {
  const accept = headerOf(request, 'accept') ?? '*/*'
  const isAny = accept.includes('*/*')
  return {
    hasJson: isAny || /application\/(json|\*)/i.test(accept),
    hasEvents: isAny || /text\/(event-stream|\*)/i.test(accept),
  }
}

async function serveSession(exchange: Exchange, posted: Posted, version: string | null): Promise<void> {
  const { request, response, route, sessions } = exchange
  const { line, parts, id } = posted
  if (parts.kind === 'request' && parts.method === 'initialize') {
    const opened = sessions.open(route, line)
    if (opened === null) return refuse(response, unknownProject, id)
    return pass(exchange, posted, opened)
  }
  const sessionId = headerOf(request, SESSION_HEADER)
  if (sessionId === null)
    return refuse(response, { status: 400, code: SERVER_ERROR, message: 'Mcp-Session-Id is missing' }, id)
  if (version !== null && !PROTOCOL_VERSIONS.includes(version))
    return refuse(response, { status: 400, code: SERVER_ERROR, message: 'Unsupported protocol version' }, id)
  const session = await sessions.find(sessionId, route)
  if (session === null) return refuse(response, unknownSession, id)
  if (parts.kind === 'request') return pass(exchange, posted, session)
  session.client.accept(line, parts)
  response.writeHead(202, { ...SECURITY_HEADERS, [SESSION_HEADER]: sessionId, 'content-length': 0 }).end()
}

function pass(exchange: Exchange, posted: Posted, { id, client }: { id: string; client: HttpClient }): void {
  const { line } = posted
  passOn(exchange.response, posted, client, {
    headers: { [SESSION_HEADER]: id },
    line,
    wrap: (reply) => exchange.sessions.recording(id, line, reply),
  })
}
