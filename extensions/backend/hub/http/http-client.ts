// One client of the hub that is connected over HTTP: many requests at once, each with a response of its own, on one session of the hub.
import { errorLine, INTERNAL_ERROR } from '../../mcp/answers.ts'
import { type MessageParts, partsOf } from '../../mcp/message-parts.ts'
import type { ClientPort } from '../client-port.ts'
import type { Note } from '../protocol.ts'
import type { Session } from '../session.ts'
import { createEventStreams } from './event-streams.ts'
import { createExchanges } from './exchanges.ts'
import type { Listener, Reply } from './reply.ts'
import { routeMessage } from './route-message.ts'

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
  /** The hub has closed it. `exit`: a user detached it. */
  onClose(note: Note['note']): void
}

const LOST =
  'The hub of Serena Deck exited during this call. It may or may not have taken effect: check before you repeat it.'

/** Creates a client and connects it. */
export function createHttpClient(deps: HttpClientDeps): HttpClient {
  const { takesRequests } = deps
  const exchanges = createExchanges()
  const streams = createEventStreams(takesRequests)
  /** Open responses. */
  const replies = new Set<Reply>()

  function pass(line: Buffer, parts: MessageParts, reply: Reply): number {
    const own = exchanges.add(line, parts, reply)
    session.receive(own.line)
    return own.id
  }

  function fail(why: string): void {
    exchanges.fail(why)
    streams.end()
  }

  const session = deps.connect({
    send(line) {
      const refusal = routeMessage(line, { exchanges, streams, takesRequests })
      if (refusal) session.receive(refusal)
    },
    unreadBytes: () => [...replies].reduce((sum, one) => sum + one.unreadBytes(), streams.unreadBytes()),
    close(note) {
      fail(LOST)
      deps.onClose(note)
    },
  })

  return {
    session,
    request(line, parts, reply) {
      replies.add(reply)
      const id = pass(line, parts, reply)
      return () => {
        replies.delete(reply)
        const canceled = exchanges.drop(id)
        if (canceled) session.receive(canceled)
      }
    },
    accept(line, parts) {
      const passed = parts.method === 'notifications/cancelled' ? exchanges.cancel(line, parts) : line
      if (passed) session.receive(passed)
    },
    ask: (line) =>
      new Promise((resolve) => {
        const parts = partsOf(line)
        if (parts) pass(line, parts, hiddenReply(resolve))
      }),
    listen: streams.add,
    hasListener: () => !streams.isEmpty(),
    isIdle: () => exchanges.isEmpty() && streams.isEmpty(),
    close(why) {
      fail(why)
      deps.disconnect(session)
    },
  }
}

/** For a request of ours. */
const hiddenReply = (resolve: (answer: Buffer) => void): Reply => ({
  message: () => undefined,
  answer: resolve,
  end: () => resolve(errorLine('0', INTERNAL_ERROR, LOST)),
  hasEvents: false,
  unreadBytes: () => 0,
})
