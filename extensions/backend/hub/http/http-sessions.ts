// The clients over HTTP: those with a session id, which are continued when the hub has forgotten them, and those without sessions, which
// share one client per URL, name and capabilities.
import { partsOf, spanAt } from '../../mcp/message-parts.ts'
import type { Hub } from '../hub.ts'
import type { ClientHello } from '../protocol.ts'
import { createHttpClient, type HttpClient } from './http-client.ts'
import type { Route } from './http-request.ts'
import type { HttpSecrets } from './http-secrets.ts'
import { initializeFor } from './modern-translation.ts'
import type { Reply } from './reply.ts'
import type { SessionStore, StoredSession } from './session-store.ts'

export interface HttpSessionsDeps {
  hub: Hub
  secrets: Pick<HttpSecrets, 'newSessionId' | 'isSessionId'>
  store: SessionStore
  /** Null: there is no such project. */
  helloOf(route: Route): ClientHello | null
  /** A client without open responses leaves the hub after this time; it is continued when it comes back. */
  idleMs: number
  /** Monotonic milliseconds. */
  now(): number
}

export interface OpenedSession {
  id: string
  client: HttpClient
}

export interface SessionlessClient {
  client: HttpClient
  /** The answer to `initialize`. */
  initialized: Buffer
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

interface Live {
  client: HttpClient
  usedAtMs: number
  /** Its event stream was open: when it closes, the client has probably exited. */
  hadListener: boolean
}

const INITIALIZED = Buffer.from('{"jsonrpc":"2.0","method":"notifications/initialized"}')
/** For a session whose facts were lost. */
const EMPTY_INITIALIZE = initializeFor(Buffer.from('{"jsonrpc":"2.0","id":0,"method":"ping"}'), '0')
const REPEATED: readonly string[] = ['activate_project', 'switch_modes']
const MOST_LIVE = 256
/** After its event stream has closed. */
const LEFT_MS = 60_000
const CLOSED = 'This client was closed.'

/** Creates the sessions of one hub. */
export function createHttpSessions(deps: HttpSessionsDeps): HttpSessions {
  const live = new Map<string, Live>()
  const continuing = new Map<string, Promise<OpenedSession | null>>()
  const sessionless = new Map<string, { live: Live; ready: Promise<SessionlessClient> }>()

  function connect(
    hello: ClientHello,
    takesRequests: boolean,
    onClose: (isEnd: boolean) => void,
  ): HttpClient {
    const client: HttpClient = createHttpClient({
      connect: (port) => deps.hub.connect(hello, port),
      disconnect: (session) => deps.hub.disconnect(session),
      takesRequests,
      onClose(note) {
        deps.hub.disconnect(client.session)
        onClose(note === 'exit')
      },
    })
    return client
  }

  function add(id: string, hello: ClientHello): OpenedSession {
    makeRoom()
    const client = connect(hello, true, (isEnd) => {
      if (isEnd) markEnded(id)
      live.delete(id)
    })
    live.set(id, { client, usedAtMs: deps.now(), hadListener: false })
    return { id, client }
  }

  /** Many clients never end their sessions. */
  function makeRoom(): void {
    if (live.size < MOST_LIVE) return
    const idle = [...live].filter(([, one]) => one.client.isIdle())
    const [oldest] = idle.toSorted(([, a], [, b]) => a.usedAtMs - b.usedAtMs)
    if (oldest) leave(...oldest)
  }

  function leave(id: string, { client }: Pick<Live, 'client'>): void {
    live.delete(id)
    client.close(CLOSED)
  }

  function markEnded(id: string): void {
    const { project, context } = deps.store.get(id) ?? { project: '', context: null }
    deps.store.put({ id, project, context, initialize: '', replay: {}, usedAtMs: Date.now(), isEnded: true })
  }

  async function continueSession(
    id: string,
    route: Route,
    stored: StoredSession | null,
  ): Promise<OpenedSession | null> {
    const hello = deps.helloOf(route)
    if (hello === null) return null
    const session = add(id, hello)
    const { client } = session
    await client.ask(stored?.initialize ? Buffer.from(stored.initialize) : EMPTY_INITIALIZE)
    client.session.receive(INITIALIZED)
    for (const line of Object.values(stored?.replay ?? {})) {
      if (!isFailure(await client.ask(Buffer.from(line)))) continue
      // In another project its calls would change the wrong files: it has to start a new session.
      markEnded(id)
      leave(id, { client })
      return null
    }
    return session
  }

  function touch(one: Live): void {
    one.usedAtMs = deps.now()
    if (one.client.hasListener()) one.hadListener = true
  }

  function isLeft(one: Live): boolean {
    if (!one.client.isIdle()) {
      touch(one)
      return false
    }
    return deps.now() - one.usedAtMs >= (one.hadListener ? Math.min(LEFT_MS, deps.idleMs) : deps.idleMs)
  }

  return {
    open(route, initialize) {
      const hello = deps.helloOf(route)
      if (hello === null) return null
      const session = add(deps.secrets.newSessionId(), hello)
      const { project, context } = route
      const text = initialize.toString('utf8')
      const facts = { project, context, initialize: text, replay: {}, usedAtMs: Date.now(), isEnded: false }
      deps.store.put({ id: session.id, ...facts })
      return session
    },
    async find(id, route) {
      const stored = deps.store.get(id)
      if (!deps.secrets.isSessionId(id) || stored?.isEnded) return null
      if (stored && (stored.project !== route.project || stored.context !== route.context)) return null
      // One that is still continued is not ready.
      const other = continuing.get(id)
      if (other) return other
      const known = live.get(id)
      if (known) {
        touch(known)
        return { id, client: known.client }
      }
      const started = continueSession(id, route, stored).finally(() => continuing.delete(id))
      continuing.set(id, started)
      return started
    },
    recording(id, line, reply) {
      const tool = toolOf(line)
      if (tool === null || !REPEATED.includes(tool)) return reply
      return {
        ...reply,
        answer(answer) {
          const stored = deps.store.get(id)
          if (stored && !isFailure(answer))
            deps.store.put({ ...stored, replay: { ...stored.replay, [tool]: line.toString('utf8') } })
          reply.answer(answer)
        },
      }
    },
    end(id) {
      if (!deps.secrets.isSessionId(id) || deps.store.get(id)?.isEnded) return false
      markEnded(id)
      const one = live.get(id)
      if (one) leave(id, one)
      return true
    },
    async sessionless(route, request) {
      const initialize = initializeFor(request, '0')
      const key = JSON.stringify([route.project, route.context, initialize.toString('utf8')])
      const known = sessionless.get(key)
      if (known) {
        touch(known.live)
        return known.ready
      }
      const hello = deps.helloOf(route)
      if (hello === null) return null
      const client = connect(hello, false, () => sessionless.delete(key))
      const ready = client.ask(initialize).then((initialized) => {
        client.session.receive(INITIALIZED)
        return { client, initialized }
      })
      sessionless.set(key, { live: { client, usedAtMs: deps.now(), hadListener: false }, ready })
      return ready
    },
    tick() {
      for (const [id, one] of live) if (isLeft(one)) leave(id, one)
      for (const [key, { live: one }] of sessionless) {
        if (!isLeft(one)) continue
        sessionless.delete(key)
        one.client.close(CLOSED)
      }
    },
    close() {
      for (const { client } of live.values()) client.close(CLOSED)
      for (const { live: one } of sessionless.values()) one.client.close(CLOSED)
      live.clear()
      sessionless.clear()
    },
  }
}

function toolOf(line: Buffer): string | null {
  const parts = partsOf(line)
  const span = parts?.method === 'tools/call' ? spanAt(line, parts.params, 'name') : null
  const value: unknown = span && JSON.parse(line.toString('utf8', ...span))
  return typeof value === 'string' ? value : null
}

function isFailure(answer: Buffer): boolean {
  const result = partsOf(answer)?.result ?? null
  const span = spanAt(answer, result, 'isError')
  return result === null || (span !== null && answer.toString('latin1', ...span) === 'true')
}
