// To which response of an HTTP client a message of Serena goes.
import { errorLine, METHOD_NOT_FOUND } from '../../mcp/answers.ts'
import { partsOf } from '../../mcp/message-parts.ts'
import type { EventStreams } from './event-streams.ts'
import type { Exchanges } from './exchanges.ts'

export interface OpenResponses {
  exchanges: Exchanges
  streams: EventStreams
  /** Whether the client can answer requests. */
  takesRequests: boolean
}

/** Sends it; returns the answer to a request that goes nowhere, else null. A message that names no call belongs to the newest one. */
export function routeMessage(
  line: Buffer,
  { exchanges, streams, takesRequests }: OpenResponses,
): Buffer | null {
  const parts = partsOf(line)
  if (parts === null) return null
  if (parts.kind === 'request') {
    const target = takesRequests ? (exchanges.newestCall() ?? streams.newest()) : null
    target?.message(line)
    return target
      ? null
      : errorLine(parts.rawId ?? 'null', METHOD_NOT_FOUND, 'This client takes no requests.')
  }
  if (parts.kind === 'answer') exchanges.settle(line, parts)
  else if (parts.method === 'notifications/progress') exchanges.progress(line, parts)
  else if (parts.method === 'notifications/message') (exchanges.newestCall() ?? streams).message(line)
  else streams.message(line)
  return null
}
