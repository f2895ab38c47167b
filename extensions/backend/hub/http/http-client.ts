// One client of the hub that is connected over HTTP: many requests at once, each with a response of its own, on one session of the hub.
// Each request gets an id and a progress token of ours, so that its answer, its progress and its cancellation find its response, also
// when two requests use equal ones.
import { errorLine, INTERNAL_ERROR, METHOD_NOT_FOUND, toolErrorLine } from '../../mcp/answers.ts'
import { type Span, splice, spliceAll } from '../../mcp/json-spans.ts'
import { idKeyOf, type MessageParts, partsOf, spanAt } from '../../mcp/message-parts.ts'
import type { ClientPort } from '../client-port.ts'
import type { Note } from '../protocol.ts'
import type { Session } from '../session.ts'

/** Where the answer to a request goes. */
export interface Reply {
  message(line: Buffer): void
  /** `status`: of HTTP, when it is the first message. */
  answer(line: Buffer, status?: number): void
  /** Ends the response without an answer. */
  end(): void
  /** Whether messages before the answer can be sent. */
  hasEvents: boolean
  unreadBytes(): number
}

/** An open event stream for what belongs to no request. */
export type Listener = Pick<Reply, 'message' | 'end' | 'unreadBytes'>

export interface HttpClient {
  readonly session: Session
  /** Passes a request on; returns a function to call when its response is closed. */
  request(line: Buffer, parts: MessageParts, reply: Reply): () => void
  /** Passes on a notification, or an answer to a request of Serena. */
  accept(line: Buffer, parts: MessageParts): void
  /** Sends a request of ours. */
  ask(line: Buffer): Promise<Buffer>
  /** Returns a function that ends it. */
  listen(listener: Listener): () => void
  hasListener(): boolean
  isIdle(): boolean
  /** Leaves the hub; what waits gets an error. */
  close(why: string): void
}

export interface HttpClientDeps {
  connect(port: ClientPort): Session
  disconnect(session: Session): void
  /** Whether its requests of Serena can be answered: a client without sessions takes none. */
  takesRequests: boolean
  /** The hub has closed it. `exit`: a person detached it. */
  onClose(note: Note['note']): void
}

interface Exchange {
  rawId: string
  idKey: string
  /** As sent by the client; null: it wants no progress. */
  token: string | null
  isToolCall: boolean
  reply: Reply
}

const LOST =
  'The hub of Serena Deck exited during this call. It may or may not have taken effect: check before you repeat it.'
/** Messages that wait for an event stream. */
const MOST_PENDING = 32

/** Creates a client and connects it. */
export function createHttpClient(deps: HttpClientDeps): HttpClient {
  const exchanges = new Map<number, Exchange>()
  const listeners = new Set<Listener>()
  const replies = new Set<Reply>()
  let pending: Buffer[] = []
  let count = 0

  function forward(line: Buffer, parts: MessageParts, reply: Reply): number {
    const id = ++count
    const rawId = parts.rawId ?? 'null'
    const tokenSpan = spanAt(line, parts.params, '_meta', 'progressToken')
    const token = tokenSpan && line.toString('utf8', ...tokenSpan)
    exchanges.set(id, {
      rawId,
      idKey: idKeyOf(rawId),
      token,
      isToolCall: parts.method === 'tools/call',
      reply,
    })
    const changes: (readonly [Span, string])[] = []
    if (parts.id) changes.push([parts.id, String(id)])
    if (tokenSpan) changes.push([tokenSpan, String(id)])
    session.receive(spliceAll(line, changes))
    return id
  }

  function cancel(id: number, reason: string): void {
    exchanges.delete(id)
    session.receive(
      Buffer.from(
        `{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":${id},"reason":${JSON.stringify(reason)}}}`,
      ),
    )
  }

  function canceledByClient(line: Buffer, parts: MessageParts): void {
    const span = spanAt(line, parts.params, 'requestId')
    const key = span && idKeyOf(line.toString('utf8', ...span))
    const found = [...exchanges].filter(([, exchange]) => exchange.idKey === key).at(-1)
    if (!span || !found) return
    exchanges.delete(found[0])
    session.receive(splice(line, span, String(found[0])))
    found[1].reply.end()
  }

  /** What belongs to no request goes to the newest event stream; it waits for one when it says that a list has changed. */
  function broadcast(line: Buffer, parts: MessageParts): void {
    if (deps.takesRequests) {
      const listener = [...listeners].at(-1)
      if (listener) return listener.message(line)
      if (!parts.method?.endsWith('/list_changed') || pending.some((one) => one.equals(line))) return
      pending = [...pending, line].slice(-MOST_PENDING)
    } else for (const listener of listeners) listener.message(line)
  }

  const newestCall = (): Exchange | null =>
    [...exchanges.values()].filter(({ isToolCall, reply }) => isToolCall && reply.hasEvents).at(-1) ?? null

  function progress(line: Buffer, parts: MessageParts): void {
    const span = spanAt(line, parts.params, 'progressToken')
    const exchange = span && exchanges.get(Number(line.toString('latin1', ...span)))
    if (exchange && exchange.token !== null) exchange.reply.message(splice(line, span, exchange.token))
  }

  function fromServer(line: Buffer, parts: MessageParts): void {
    const target = deps.takesRequests ? (newestCall()?.reply ?? [...listeners].at(-1)) : null
    if (target) target.message(line)
    else session.receive(errorLine(parts.rawId ?? 'null', METHOD_NOT_FOUND, 'This client takes no requests.'))
  }

  function send(line: Buffer): void {
    const parts = partsOf(line)
    if (parts === null) return
    if (parts.kind === 'request') return fromServer(line, parts)
    if (parts.kind === 'notification') {
      if (parts.method === 'notifications/progress') return progress(line, parts)
      const call = parts.method === 'notifications/message' ? newestCall() : null
      return call ? call.reply.message(line) : broadcast(line, parts)
    }
    const id = Number(parts.rawId)
    const exchange = exchanges.get(id)
    exchanges.delete(id)
    if (exchange && parts.id) exchange.reply.answer(splice(line, parts.id, exchange.rawId))
  }

  function fail(why: string): void {
    const all = [...exchanges.values()]
    exchanges.clear()
    for (const { rawId, isToolCall, reply } of all)
      reply.answer(isToolCall ? toolErrorLine(rawId, why) : errorLine(rawId, INTERNAL_ERROR, why))
    for (const listener of listeners) listener.end()
    listeners.clear()
  }

  const port: ClientPort = {
    send,
    unreadBytes: () => [...replies, ...listeners].reduce((sum, one) => sum + one.unreadBytes(), 0),
    close(note) {
      fail(LOST)
      deps.onClose(note)
    },
  }
  const session = deps.connect(port)

  return {
    session,
    request(line, parts, reply) {
      replies.add(reply)
      const id = forward(line, parts, reply)
      return () => {
        replies.delete(reply)
        // Nothing could take the answer any more: what waits is never sent to Serena.
        if (exchanges.has(id)) cancel(id, 'The client has closed the connection.')
      }
    },
    accept(line, parts) {
      if (parts.method === 'notifications/cancelled') canceledByClient(line, parts)
      else session.receive(line)
    },
    ask: (line) =>
      new Promise((resolve) => {
        const parts = partsOf(line)
        const nothing = (): void => undefined
        const reply: Reply = {
          message: nothing,
          answer: resolve,
          end: () => resolve(errorLine('0', INTERNAL_ERROR, LOST)),
          hasEvents: false,
          unreadBytes: () => 0,
        }
        if (parts) forward(line, parts, reply)
      }),
    listen(listener) {
      listeners.add(listener)
      for (const line of pending) listener.message(line)
      pending = []
      return () => listeners.delete(listener)
    },
    hasListener: () => listeners.size > 0,
    isIdle: () => exchanges.size === 0 && listeners.size === 0,
    close(why) {
      fail(why)
      deps.disconnect(session)
    },
  }
}
