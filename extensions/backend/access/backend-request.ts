// One request to our own backend, by Node's own client: undici takes some 100 ms to load, and each command and the start of the
// window would wait for that (bench/start.ts).
import { type IncomingMessage, request } from 'node:http'

export interface BackendRequest {
  port: number
  /** With its query. */
  path: string
  method?: string
  headers?: Record<string, string>
  body?: string
  /** Ends the request and the reading of its answer. */
  signal: AbortSignal
}

/**
 * Resolves when the answer begins; the caller reads it. Rejects when the connection is refused or the signal aborts it. Each request
 * has its own connection: the backend might have closed a kept one.
 */
export function requestBackend({
  port,
  path,
  method = 'GET',
  headers = {},
  body,
  signal,
}: BackendRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path, method, headers, agent: false, signal }, resolve)
      .once('error', reject)
      .end(body)
  })
}
