// Clients over HTTP without sessions: all requests with the same URL, client name and capabilities are one client of the hub.

import { INITIALIZED } from '../../mcp/initialize.ts'
import type { Hub } from '../hub.ts'
import type { ClientHello } from '../protocol.ts'
import { connectHttpClient } from './connect-client.ts'
import type { HttpClient } from './http-client.ts'
import type { Route } from './http-request.ts'
import { createLiveClients } from './live-clients.ts'
import { initializeFor } from './modern-translation.ts'

export interface SessionlessDeps {
  hub: Hub
  /** Null: there is no such project. */
  helloOf(route: Route): ClientHello | null
  /** A client without open responses leaves the hub after this time; it is continued when it comes back. */
  idleMs: number
  /** Monotonic milliseconds. */
  now(): number
}

export interface SessionlessClient {
  client: HttpClient
  /** The answer to `initialize`. */
  initialized: Buffer
}

export interface SessionlessClients {
  /** Returns the client of a request; null: there is no such project. */
  find(route: Route, request: Buffer): Promise<SessionlessClient | null>
  tick(): void
  close(): void
}

interface Starting {
  client: HttpClient
  ready: Promise<SessionlessClient>
}

/** Creates none. */
export function createSessionlessClients({ hub, helloOf, idleMs, now }: SessionlessDeps): SessionlessClients {
  const live = createLiveClients<Starting>({ idleMs, most: Number.POSITIVE_INFINITY, now })

  async function initialize(client: HttpClient, line: Buffer): Promise<SessionlessClient> {
    const initialized = await client.ask(line)
    client.session.receive(INITIALIZED)
    return { client, initialized }
  }

  return {
    async find(route, request) {
      const line = initializeFor(request, '0')
      const key = JSON.stringify([route.project, route.context, line.toString('utf8')])
      const known = live.use(key)
      if (known) return known.ready
      const hello = helloOf(route)
      if (hello === null) return null
      const client = connectHttpClient(hub, hello, { takesRequests: false, onClose: () => live.remove(key) })
      const ready = initialize(client, line)
      live.add(key, { client, ready })
      return ready
    },
    tick: live.tick,
    close: live.closeAll,
  }
}
