// Serves a request of a client without sessions (from 2026-07-28 on).

import { isFields } from '../../lib/fields.ts'
import { partsOf } from '../../mcp/message-parts.ts'
import { createAnswerStream } from './answer-stream.ts'
import type { HttpClient } from './http-client.ts'
import { META, metaOf } from './modern-request.ts'
import {
  discoverAnswer,
  errorCodeOf,
  modernAnswer,
  serverInfoText,
  withoutModernMeta,
  withSubscription,
} from './modern-translation.ts'
import { type Exchange, type Posted, passOn, unknownProject } from './pass-on.ts'
import type { Reply } from './reply.ts'
import { refuse, SECURITY_HEADERS } from './respond.ts'

const METHOD_NOT_FOUND = -32601

/** Serves it; the request was judged before. */
export async function serveModern(exchange: Exchange, posted: Posted): Promise<void> {
  const { response, route, sessions } = exchange
  const { line, parts, id, message } = posted
  if (parts.kind === 'notification') return void response.writeHead(202, SECURITY_HEADERS).end()
  const found = await sessions.sessionless(route, line)
  if (found === null) return refuse(response, unknownProject, id)
  const { client, initialized } = found
  if (parts.method === 'server/discover') {
    const failed = partsOf(initialized)?.result == null
    return sendWhole(exchange, posted, failed ? withId(initialized, id) : discoverAnswer(initialized, id))
  }
  if (parts.method === 'subscriptions/listen') return serveSubscription(exchange, posted, client, initialized)
  const hasLogs = typeof metaOf(message)?.[`${META}logLevel`] === 'string'
  const serverInfo = serverInfoText(initialized)
  passOn(response, posted, client, {
    headers: {},
    line: withoutModernMeta(line),
    wrap: (reply) => modernReply(reply, parts.method ?? '', serverInfo, hasLogs),
  })
}

function modernReply(reply: Reply, method: string, serverInfo: string, hasLogs: boolean): Reply {
  return {
    ...reply,
    message(line) {
      if (hasLogs || partsOf(line)?.method !== 'notifications/message') reply.message(line)
    },
    answer(line) {
      const status = errorCodeOf(line) === METHOD_NOT_FOUND ? 404 : 200
      reply.answer(modernAnswer(line, method, serverInfo), status)
    },
  }
}

function sendWhole({ response }: Exchange, { hasJson, hasEvents }: Posted, line: Buffer): void {
  const nothing = (): void => undefined
  createAnswerStream(response, {
    hasJson,
    hasEvents,
    headers: SECURITY_HEADERS,
    onClosed: nothing,
    onDrained: nothing,
  }).answer(line)
}

const withId = (line: Buffer, id: string): Buffer => {
  const span = partsOf(line)?.id
  return span ? Buffer.concat([line.subarray(0, span[0]), Buffer.from(id), line.subarray(span[1])]) : line
}

const SUBSCRIPTIONS: Readonly<Record<string, readonly [kind: string, method: string]>> = {
  toolsListChanged: ['tools', 'notifications/tools/list_changed'],
  promptsListChanged: ['prompts', 'notifications/prompts/list_changed'],
  resourcesListChanged: ['resources', 'notifications/resources/list_changed'],
}

/** An event stream of the notifications that the client asks for and Serena has. */
function serveSubscription(
  { response }: Exchange,
  { id, message }: Posted,
  client: HttpClient,
  initialized: Buffer,
): void {
  const asked = wantedKeys(message).filter((key) => isOffered(key, initialized))
  const methods = asked.map((key) => SUBSCRIPTIONS[key]?.[1])
  let unlisten = (): void => undefined
  const stream = createAnswerStream(response, {
    hasJson: false,
    hasEvents: true,
    isEvents: true,
    headers: SECURITY_HEADERS,
    onClosed: () => unlisten(),
    onDrained: () => client.session.drained(),
  })
  const accepted = JSON.stringify(Object.fromEntries(asked.map((key) => [key, true])))
  const acknowledged = `{"jsonrpc":"2.0","method":"notifications/subscriptions/acknowledged","params":{"notifications":${accepted}}}`
  stream.message(withSubscription(Buffer.from(acknowledged), id))
  unlisten = client.listen({
    ...stream,
    message(line) {
      if (methods.includes(partsOf(line)?.method ?? '')) stream.message(withSubscription(line, id))
    },
    end: () =>
      stream.answer(
        Buffer.from(
          `{"jsonrpc":"2.0","id":${id},"result":{"resultType":"complete","_meta":{"${META}subscriptionId":${id}}}}`,
        ),
      ),
  })
}

function wantedKeys({ params }: Posted['message']): readonly string[] {
  const wanted = isFields(params) ? params['notifications'] : null
  return isFields(wanted) ? Object.keys(SUBSCRIPTIONS).filter((key) => wanted[key] === true) : []
}

function isOffered(key: string, initialized: Buffer): boolean {
  const answer: unknown = JSON.parse(initialized.toString('utf8'))
  const result = isFields(answer) ? answer['result'] : null
  const capabilities = isFields(result) ? result['capabilities'] : null
  const one = isFields(capabilities) ? capabilities[SUBSCRIPTIONS[key]?.[0] ?? ''] : null
  return isFields(one) && one['listChanged'] === true
}
