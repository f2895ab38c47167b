// The ids and progress tokens that a multiplexer puts in place of those of its clients, which may be equal. Every other byte stays as
// it is. Pure.
import { type Span, splice, spliceAll } from './json-spans.ts'
import { idKeyOf, type MessageParts, spanAt } from './message-parts.ts'

/** Returns a request with `id` as its id, and as its progress token if it has one. */
export function withOwnId(line: Buffer, parts: MessageParts, id: number): Buffer {
  const spans = [parts.id, tokenSpan(line, parts)].filter((span) => span !== null)
  return spliceAll(
    line,
    spans.map((span) => [span, String(id)] as const),
  )
}

/** Returns the progress token of a request as JSON text; null: its client wants no progress. */
export function progressTokenOf(line: Buffer, parts: MessageParts): string | null {
  const span = tokenSpan(line, parts)
  return span && line.toString('utf8', ...span)
}

const tokenSpan = (line: Buffer, { params }: MessageParts): Span | null =>
  spanAt(line, params, '_meta', 'progressToken')

export interface Progress {
  /** Of the request, as given to `withOwnId`. */
  id: number
  /** Returns the notification with the client's own token, as JSON text. */
  withToken(token: string): Buffer
}

/** Returns which request a notification of progress is for; null: it has no token. */
export function progressIn(line: Buffer, { params }: MessageParts): Progress | null {
  const span = spanAt(line, params, 'progressToken')
  if (span === null) return null
  return {
    id: Number(line.toString('latin1', ...span)),
    withToken: (token) => splice(line, span, token),
  }
}

export interface Cancellation {
  /** Of the request, as its client names it. */
  idKey: string
  /** Returns the notification with the id that was given to `withOwnId`. */
  withOwnId(id: number): Buffer
}

/** Returns which request a notification of a client cancels; null: it names none. */
export function cancellationIn(line: Buffer, { params }: MessageParts): Cancellation | null {
  const span = spanAt(line, params, 'requestId')
  if (span === null) return null
  return {
    idKey: idKeyOf(line.toString('utf8', ...span)),
    withOwnId: (id) => splice(line, span, String(id)),
  }
}
