// What is read from `initialize`, and its answer for a client that asks for another protocol version. Pure.
import { type Span, splice } from './json-spans.ts'
import { partsOf, spanAt, stringIn } from './message-parts.ts'

/** Versions with `initialize`, oldest first (modelcontextprotocol.io; 2026-07-28 has none). */
export const PROTOCOL_VERSIONS: readonly string[] = ['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25']

/** What a client sends when it has the answer to `initialize`. */
export const INITIALIZED = Buffer.from('{"jsonrpc":"2.0","method":"notifications/initialized"}')

const stringAt = (line: Buffer, span: Span | null): string | null => stringIn(line, span) || null

/** The protocol version in a request of `initialize`; null: it has none. */
export const requestedVersion = (line: Buffer): string | null =>
  stringAt(line, spanAt(line, partsOf(line)?.params ?? null, 'protocolVersion'))

/** The client's name in a request of `initialize`, at most 256 characters; null: it has none. */
export const clientName = (line: Buffer): string | null =>
  stringAt(line, spanAt(line, partsOf(line)?.params ?? null, 'clientInfo', 'name'))?.slice(0, 256) ?? null

/** `serverInfo.version` in an answer to `initialize`; null: it has none. */
export const serverVersion = (answer: Buffer): string | null =>
  stringAt(answer, spanAt(answer, partsOf(answer)?.result ?? null, 'serverInfo', 'version'))

/**
 * Returns an answer to `initialize` with the version for this client: the requested one where it is known, else the newest. A server that
 * once answered with an older version than requested has no newer one: `newest` is that one.
 */
export function withVersion(answer: Buffer, requested: string | null, newest: string): Buffer {
  const span = spanAt(answer, partsOf(answer)?.result ?? null, 'protocolVersion')
  if (span === null) return answer
  const isKnown = requested !== null && PROTOCOL_VERSIONS.includes(requested) && requested <= newest
  return splice(answer, span, JSON.stringify(isKnown ? requested : newest))
}

/** The newest version that a server has, as far as its answer to a request shows. */
export function newestVersion(request: Buffer, answer: Buffer): string {
  const requested = requestedVersion(request)
  const answered = stringAt(answer, spanAt(answer, partsOf(answer)?.result ?? null, 'protocolVersion'))
  const newest = PROTOCOL_VERSIONS.at(-1) ?? ''
  return answered === null || answered === requested ? newest : answered
}
