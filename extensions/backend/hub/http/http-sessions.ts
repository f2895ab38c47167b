// The clients over HTTP: those with a session id, which are continued when the hub has forgotten them, and those without sessions.
import { isToolError } from '../../mcp/answers.ts'
import { INITIALIZED } from '../../mcp/initialize.ts'
import { connectHttpClient } from './connect-client.ts'
import type { HttpClient } from './http-client.ts'
import type { Route } from './http-request.ts'
import type { HttpSecrets } from './http-secrets.ts'
import { createLiveClients } from './live-clients.ts'
import { initializeFor } from './modern-translation.ts'
import type { Reply } from './reply.ts'
import { createSessionRecords } from './session-records.ts'
import type { SessionStore, StoredSession } from './session-store.ts'
import {
  createSessionlessClients,
  type SessionlessClient,
  type SessionlessDeps,
} from './sessionless-clients.ts'

export interface HttpSessionsDeps extends SessionlessDeps {
  secrets: Pick<HttpSecrets, 'newSessionId' | 'isSessionId'>
  store: SessionStore
}

export interface OpenedSession {
  id: string
  client: HttpClient
}

export interface HttpSessions {
  /** Starts a session for a request of `initialize`; null: there is no such project. */
  open(route: Route, initialize: Buffer): OpenedSession | null
  /** Returns the session, continued if needed; null: it has ended, or belongs to another URL. */
  find(id: string, route: Route): Promise<OpenedSession | null>
  /** Wraps the reply to a tool call that changes project or modes, so that a continued session does the same. */
  recording(id: string, line: Buffer, reply: Reply): Reply
  /** Ends a session for good; false: there is none. */
  end(id: string): boolean
  /** For a client without sessions: `request` is any request of it. Null: there is no such project. */
  sessionless(route: Route, request: Buffer): Promise<SessionlessClient | null>
  /** Call it about every second. */
  tick(): void
  close(): void
}

interface LiveSession {
  client: HttpClient
  /** Null: it could not be continued. */
  ready: Promise<OpenedSession | null>
}

/** Makes a connected client ready. */
type Begin = (client: HttpClient) => LiveSession['ready']

/** For a session whose facts were lost. */
const EMPTY_INITIALIZE = initializeFor(Buffer.from('{"jsonrpc":"2.0","id":0,"method":"ping"}'), '0')
const MOST_LIVE = 256

/** Creates the sessions of one hub. */
export function createHttpSessions(deps: HttpSessionsDeps): HttpSessions {
  const { hub, secrets, helloOf, idleMs, now } = deps
  const records = createSessionRecords(deps.store)
  const live = createLiveClients<LiveSession>({ idleMs, most: MOST_LIVE, now })
  const sessionless = createSessionlessClients(deps)

  /** Null: there is no such project. */
  function connect(id: string, route: Route, begin: Begin): LiveSession | null {
    const hello = helloOf(route)
    if (hello === null) return null
    const client = connectHttpClient(hub, hello, {
      takesRequests: true,
      onClose(isEnd) {
        if (isEnd) records.ended(id)
        live.remove(id)
      },
    })
    const session = { client, ready: begin(client) }
    live.add(id, session)
    return session
  }

  async function continued(id: string, client: HttpClient): Promise<OpenedSession | null> {
    if (await repeat(client, records.get(id))) return { id, client }
    // In another project its calls would change the wrong files: it has to start a new session.
    records.ended(id)
    live.close(id)
    return null
  }

  return {
    open(route, initialize) {
      const id = secrets.newSessionId()
      const session = connect(id, route, (client) => Promise.resolve({ id, client }))
      if (session) records.opened(id, route, initialize)
      return session && { id, client: session.client }
    },
    async find(id, route) {
      if (!secrets.isSessionId(id) || !records.isOpen(id, route)) return null
      const session = live.use(id) ?? connect(id, route, (client) => continued(id, client))
      return session && session.ready
    },
    recording: records.recording,
    end(id) {
      if (!secrets.isSessionId(id) || records.get(id)?.isEnded) return false
      records.ended(id)
      live.close(id)
      return true
    },
    sessionless: sessionless.find,
    tick() {
      live.tick()
      sessionless.tick()
    },
    close() {
      live.closeAll()
      sessionless.close()
    },
  }
}

/** Says again what the client of a session has said; false: it was refused. */
async function repeat(client: HttpClient, stored: StoredSession | null): Promise<boolean> {
  await client.ask(stored?.initialize ? Buffer.from(stored.initialize) : EMPTY_INITIALIZE)
  client.session.receive(INITIALIZED)
  for (const line of Object.values(stored?.replay ?? {}))
    if (isToolError(await client.ask(Buffer.from(line)))) return false
  return true
}
