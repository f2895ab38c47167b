// The hub at a URL: a server on 127.0.0.1 for clients that want one. Loaded only when it is on.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { codeOf } from '../../lib/error-code.ts'
import type { Hub } from '../hub.ts'
import { secondsOf } from '../seconds-of.ts'
import { helloOf, serenaCommandOf } from './http-hello.ts'
import { judgeHttpRequest, type RequestRules } from './http-request.ts'
import { readHttpSecrets } from './http-secrets.ts'
import { createHttpSessions, type HttpSessions } from './http-sessions.ts'
import type { HttpSettings } from './http-settings.ts'
import { refuse, SERVER_ERROR } from './respond.ts'
import { serveHttpRequest } from './serve-request.ts'
import { createSessionStore } from './session-store.ts'

const HOST = '127.0.0.1'
/** Another program may leave the port. */
const RETRY_MS = 5_000
const TICK_MS = 1_000
const IDLE_MS = secondsOf('SERENA_DECK_HUB_SESSION_SECONDS', 1_800)
const KEEP_ALIVE_MS = 60_000
const HEADERS_MS = 10_000
const BODY_MS = 120_000
const PROBE_MS = 30_000
const MOST_CONNECTIONS = 1_024
const INTERNAL_ERROR = -32603

export interface HubHttpDeps {
  hub: Hub
  /** The private folder of the hub. */
  folder: string
  settings: HttpSettings
  env: NodeJS.ProcessEnv
  onChange(): void
  onFault(error: unknown): void
}

export interface HubHttp {
  /** `http://127.0.0.1:25283/mcp/`; null: it does not listen. */
  url(): string | null
  /** Why it does not listen, as a sentence. */
  fault(): string | null
  close(): void
}

/** Starts the server. While the port is in use it tries again, and says so in its fault. AppErrors of the token's file. */
export function startHubHttp({ hub, folder, settings, env, onChange, onFault }: HubHttpDeps): HubHttp {
  const secrets = readHttpSecrets(folder)
  const command = serenaCommandOf(settings.serenaCommand, env['PATH'])
  const sessions = createHttpSessions({
    hub,
    secrets,
    store: createSessionStore(folder, Date.now, onFault),
    helloOf: (route) => helloOf(route, command, env),
    idleMs: IDLE_MS,
    now: () => performance.now(),
  })
  const rules = { port: 0, ...secrets }
  const server = createHttpServer(rules, sessions, onFault)
  let fault: string | null = null
  let retry: NodeJS.Timeout | null = null

  function changeFault(next: string | null): void {
    if (next !== null && next !== fault) onFault(next)
    fault = next
    onChange()
  }

  server.on('error', (error) => {
    changeFault(faultOf(error, settings.port))
    retry = setTimeout(listen, RETRY_MS)
  })
  server.on('listening', () => {
    rules.port = (server.address() as AddressInfo).port
    changeFault(null)
  })
  const listen = (): void => void server.listen({ port: settings.port, host: HOST })
  listen()
  const ticker = setInterval(sessions.tick, TICK_MS)

  return {
    url: () => (server.listening ? `http://${HOST}:${rules.port}/mcp/` : null),
    fault: () => fault,
    close() {
      clearInterval(ticker)
      if (retry) clearTimeout(retry)
      sessions.close()
      server.close()
      server.closeIdleConnections()
    },
  }
}

function createHttpServer(
  rules: RequestRules,
  sessions: HttpSessions,
  onFault: (error: unknown) => void,
): Server {
  const server = createServer({
    headersTimeout: HEADERS_MS,
    requestTimeout: BODY_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    maxHeaderSize: 16 * 1024,
    // A client that is not there any more is noticed by probes, if its end was not reported.
    keepAlive: true,
    keepAliveInitialDelay: PROBE_MS,
  })
  server.maxHeadersCount = 64
  server.maxConnections = MOST_CONNECTIONS
  server.on('request', (request, response) => {
    serve(request, response, rules, sessions).catch((error: unknown) => {
      onFault(error)
      refuse(response, { status: 500, code: INTERNAL_ERROR, message: 'Internal error in Serena Deck' })
    })
  })
  return server
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  rules: RequestRules,
  sessions: HttpSessions,
): Promise<void> {
  const { method = '', url = '', rawHeaders } = request
  const verdict = judgeHttpRequest({ method, target: url, rawHeaders }, rules)
  if (verdict.kind === 'route') return serveHttpRequest({ request, response, route: verdict, sessions })
  const { status, message, headers } = verdict
  // What follows on this connection would be the body of a refused request.
  refuse(response, { status, code: SERVER_ERROR, message }, 'null', { ...headers, connection: 'close' })
}

function faultOf(error: Error, port: number): string {
  const code = codeOf(error)
  if (code === 'EADDRINUSE')
    return `Port ${port} is used by another program: the URL of the hub is off. Stop that program, or set hubHttpPort.`
  return `The URL of the hub is off: port ${port} cannot be opened (${code}).`
}
