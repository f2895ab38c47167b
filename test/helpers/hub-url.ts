// A hub at a URL with a scripted Serena, and clients that send single HTTP requests to it.
import { readFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { secretsOf } from '../../extensions/backend/hub/http/http-secrets.ts'
import { startTestHub, type TestHub } from './hub.ts'
import type { Answer } from './hub-client.ts'
import type { Scope } from './scope.ts'
import { makeScriptedSerena, type Script, type ScriptedSerena } from './scripted-serena.ts'
import { freePort } from './serena.ts'
import { makeTempFolder } from './temp-home.ts'

/** A request without an answer then says which one it is. */
const REQUEST_MS = 40_000

export interface UrlStage {
  readonly hub: TestHub
  readonly serena: ScriptedSerena
  readonly project: string
  readonly port: number
  readonly token: string
  /** In place of the token, as a segment of the path. */
  readonly pathSecret: string
  /** The URL of a project; default: that of the stage. */
  url(project?: string): string
  /** Sends a request with the token. */
  send(init?: RequestInit & { headers?: Record<string, string> }, url?: string): Promise<Response>
  /** Sends one message. */
  post(message: object | string, headers?: Record<string, string>): Promise<Response>
  /** Starts a session. */
  open(name?: string, headers?: Record<string, string>): Promise<UrlClient>
  /** Kills the hub, and starts another in the same place. */
  restart(): Promise<void>
}

export interface UrlClient {
  readonly sessionId: string
  post(message: object, init?: { signal?: AbortSignal }): Promise<Response>
  request(method: string, params?: object, id?: number | string): Promise<Answer>
  call(tool: string, args?: object, id?: number | string): Promise<Answer>
  /** Opens the event stream. */
  listen(): Promise<EventReader>
  end(): Promise<Response>
}

export interface EventReader {
  /** Resolves to the next message; comments are counted only. */
  next(): Promise<Record<string, unknown>>
  comments(): number
  close(): void
}

export interface UrlStageStart {
  script?: Script
  env?: Readonly<Record<string, string>>
  /** Before the hub starts. */
  prepare?: (stage: { port: number; stateFolder: string }) => Promise<void>
  /** The folder of the program `serena`; default: the scripted one. */
  path?: string
  /** Default: an empty one. */
  project?: string
}

/** Starts the hub with its URL on a free port; its Serena starts with the first client. */
export async function startUrlStage(scope: Scope, of: UrlStageStart = {}): Promise<UrlStage> {
  const project = of.project ?? (await makeTempFolder(scope, 'project'))
  const stateFolder = await makeTempFolder(scope, 'state')
  const serena = await makeScriptedSerena(scope, { ...(of.script && { script: of.script }) })
  const port = await freePort()
  await of.prepare?.({ port, stateFolder })
  const path = [of.path ?? dirname(serena.command[0]), process.env['PATH'] ?? ''].join(delimiter)
  const variables = {
    ...serena.env,
    PATH: path,
    SERENA_DECK_HUB_HTTP: '1',
    SERENA_DECK_HUB_HTTP_PORT: String(port),
    ...of.env,
  }
  const runner = ['env', ...Object.entries(variables).map(([name, value]) => `${name}=${value}`)]
  const start = (): Promise<TestHub> => startTestHub(scope, { stateFolder, runner })
  const stage = { hub: await start() }
  await stage.hub.until('the URL, or its fault', ({ httpUrl, httpFault }) => httpUrl ?? httpFault)
  const readToken = (): string => readFileSync(join(stateFolder, 'hub', 'http-token'), 'utf8').trim()
  const token = readToken()
  const url = (name = project): string => `http://127.0.0.1:${port}/mcp/${encodeURIComponent(name)}`
  const send: UrlStage['send'] = (init = {}, at = url()) =>
    fetch(at, {
      signal: AbortSignal.timeout(REQUEST_MS),
      ...init,
      headers: { Authorization: `Bearer ${token}`, ...init.headers },
    })
  const post: UrlStage['post'] = (message, headers = {}) => send(posted(message, headers))
  return {
    get hub() {
      return stage.hub
    },
    serena,
    project,
    port,
    token,
    pathSecret: secretsOf(token).pathSecret,
    url,
    send,
    post,
    open: (name = 'test', headers = {}) => openClient(post, send, name, headers),
    async restart() {
      process.kill(stage.hub.mark.pid, 'SIGKILL')
      await stage.hub.ended
      stage.hub = await start()
      await stage.hub.until('the URL', ({ httpUrl }) => httpUrl)
    },
  }
}

export const posted = (
  message: object | string,
  headers: Record<string, string> = {},
): RequestInit & {
  headers: Record<string, string>
} => ({
  method: 'POST',
  headers: {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    ...headers,
  },
  body: typeof message === 'string' ? message : JSON.stringify(message),
})

async function openClient(
  post: UrlStage['post'],
  send: UrlStage['send'],
  name: string,
  headers: Record<string, string>,
): Promise<UrlClient> {
  const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name, version: '1' } }
  const response = await post({ jsonrpc: '2.0', id: 0, method: 'initialize', params }, headers)
  const sessionId = response.headers.get('mcp-session-id')
  if (sessionId === null) throw new Error(`no session: ${response.status} ${await response.text()}`)
  await answerOf(response)
  const own = { ...headers, 'mcp-session-id': sessionId }
  await post({ jsonrpc: '2.0', method: 'notifications/initialized' }, own)
  let count = 0
  const request: UrlClient['request'] = async (method, asked = {}, id = ++count) =>
    answerOf(await post({ jsonrpc: '2.0', id, method, params: asked }, own))
  return {
    sessionId,
    post: (message, init = {}) => send({ ...posted(message, own), ...init }),
    request,
    call: (tool, args = {}, id) => request('tools/call', { name: tool, arguments: args }, id),
    async listen() {
      return readEvents(await send({ headers: { ...own, accept: 'text/event-stream' } }))
    },
    end: () => send({ method: 'DELETE', headers: own }),
  }
}

/** Reads the answer, whether it is JSON or the last message of an event stream. */
export async function answerOf(response: Response): Promise<Answer> {
  const messages = await messagesOf(response)
  return messages.at(-1) as unknown as Answer
}

/** Reads all messages of a response that ends. */
export async function messagesOf(response: Response): Promise<Record<string, unknown>[]> {
  const text = await response.text()
  if (response.headers.get('content-type') === 'application/json')
    return [JSON.parse(text) as Record<string, unknown>]
  return text
    .split('\n')
    .filter((line) => line.startsWith('data: '))
    .map((line) => JSON.parse(line.slice(6)) as Record<string, unknown>)
}

/** Reads the messages of an event stream one by one. */
export function readEvents(response: Response): EventReader {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  let rest = ''
  let comments = 0
  const waiting: Record<string, unknown>[] = []
  return {
    async next() {
      for (;;) {
        const found = waiting.shift()
        if (found) return found
        const read = await reader?.read()
        if (read?.value === undefined) throw new Error('the event stream has ended')
        const lines = (rest + read.value).split('\n')
        rest = lines.pop() ?? ''
        comments += lines.filter((line) => line.startsWith(':')).length
        for (const line of lines)
          if (line.startsWith('data: ')) waiting.push(JSON.parse(line.slice(6)) as Record<string, unknown>)
      }
    },
    comments: () => comments,
    close: () => void reader?.cancel(),
  }
}
