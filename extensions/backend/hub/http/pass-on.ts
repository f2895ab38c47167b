// A request over HTTP on its way to the hub, and its answer on its way back.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type MessageParts, partsOf } from '../../mcp/message-parts.ts'
import { createAnswerStream } from './answer-stream.ts'
import type { HttpClient } from './http-client.ts'
import type { Route } from './http-request.ts'
import type { HttpSessions } from './http-sessions.ts'
import type { Reply } from './reply.ts'
import { refuse, SECURITY_HEADERS, SERVER_ERROR } from './respond.ts'

/** Calls of one client that wait. */
const MOST_WAITING = 1_000

export interface Exchange {
  request: IncomingMessage
  response: ServerResponse
  route: Route
  sessions: HttpSessions
}

/** One message of a POST. */
export interface Posted {
  line: Buffer
  parts: MessageParts
  /** JSON text. */
  id: string
  message: Readonly<Record<string, unknown>>
  hasJson: boolean
  hasEvents: boolean
}

export const unknownProject = {
  status: 404,
  code: SERVER_ERROR,
  message: 'Unknown project: the URL must name a registered project, or the percent-encoded path of a folder',
}

/** Passes a request to the hub and its answer to the response. */
export function passOn(
  response: ServerResponse,
  { parts, id, hasJson, hasEvents }: Posted,
  client: HttpClient,
  {
    headers,
    line,
    wrap,
  }: { headers: Readonly<Record<string, string>>; line: Buffer; wrap(reply: Reply): Reply },
): void {
  const { session } = client
  if (session.serena().calls.waiting(session.id) > MOST_WAITING)
    return refuse(response, { status: 503, code: SERVER_ERROR, message: 'Too many waiting calls' }, id, {
      'retry-after': '1',
    })
  let closed = (): void => undefined
  const stream = createAnswerStream(response, {
    hasJson,
    hasEvents,
    headers: { ...SECURITY_HEADERS, ...headers },
    onClosed: () => closed(),
    onDrained: () => session.drained(),
  })
  closed = client.request(line, partsOf(line) ?? parts, wrap(stream))
}
