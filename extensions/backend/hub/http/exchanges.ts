// The requests of one client over HTTP that are not answered. Each gets an id and a progress token of ours, so that its answer, its
// progress and its cancellation find its response, also when two requests use equal ones.
import { errorLine, INTERNAL_ERROR, toolErrorLine } from '../../mcp/answers.ts'
import { splice } from '../../mcp/json-spans.ts'
import { idKeyOf, type MessageParts } from '../../mcp/message-parts.ts'
import { cancellationIn, progressIn, progressTokenOf, withOwnId } from '../../mcp/own-ids.ts'
import type { Reply } from './reply.ts'

export interface Exchanges {
  /** Takes a request; returns it with the id of ours. */
  add(line: Buffer, parts: MessageParts, reply: Reply): { id: number; line: Buffer }
  /** Gives an answer to its response. */
  settle(line: Buffer, parts: MessageParts): void
  progress(line: Buffer, parts: MessageParts): void
  /** The response is closed; returns the notification that cancels its request, null: it was answered. */
  drop(id: number): Buffer | null
  /** Ends the response of a request that its client cancels; returns the notification with our id, null: there is no such request. */
  cancel(line: Buffer, parts: MessageParts): Buffer | null
  /** The response of the newest tool call that can have messages before its answer. */
  newestCall(): Reply | null
  /** Answers all with an error. */
  fail(why: string): void
  isEmpty(): boolean
}

interface Exchange {
  rawId: string
  /** As sent by the client; null: it wants no progress. */
  token: string | null
  isToolCall: boolean
  reply: Reply
}

/** Nothing can take the answer any more: what waits is never sent to Serena. */
const canceledLine = (id: number): Buffer =>
  Buffer.from(
    `{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":${id},"reason":"The client has closed the connection."}}`,
  )

/** Creates an empty table. */
export function createExchanges(): Exchanges {
  const exchanges = new Map<number, Exchange>()
  let count = 0

  function take(id: number): Exchange | null {
    const exchange = exchanges.get(id) ?? null
    exchanges.delete(id)
    return exchange
  }

  return {
    add(line, parts, reply) {
      const id = ++count
      const token = progressTokenOf(line, parts)
      exchanges.set(id, {
        rawId: parts.rawId ?? 'null',
        token,
        isToolCall: parts.method === 'tools/call',
        reply,
      })
      return { id, line: withOwnId(line, parts, id) }
    },
    settle(line, { id, rawId }) {
      const exchange = take(Number(rawId))
      if (exchange && id) exchange.reply.answer(splice(line, id, exchange.rawId))
    },
    progress(line, parts) {
      const progress = progressIn(line, parts)
      const exchange = progress && exchanges.get(progress.id)
      if (exchange && exchange.token !== null) exchange.reply.message(progress.withToken(exchange.token))
    },
    drop: (id) => take(id) && canceledLine(id),
    cancel(line, parts) {
      const canceled = cancellationIn(line, parts)
      const [id] = [...exchanges].filter(([, { rawId }]) => idKeyOf(rawId) === canceled?.idKey).at(-1) ?? []
      if (!canceled || id === undefined) return null
      take(id)?.reply.end()
      return canceled.withOwnId(id)
    },
    newestCall: () =>
      [...exchanges.values()].filter(({ isToolCall, reply }) => isToolCall && reply.hasEvents).at(-1)
        ?.reply ?? null,
    fail(why) {
      const all = [...exchanges.values()]
      exchanges.clear()
      for (const { rawId, isToolCall, reply } of all)
        reply.answer(isToolCall ? toolErrorLine(rawId, why) : errorLine(rawId, INTERNAL_ERROR, why))
    },
    isEmpty: () => exchanges.size === 0,
  }
}
