// A client of a hub over its socket, as `connect` is one: says hello, then exchanges MCP messages.
import { connect, type Socket } from 'node:net'
import type { ClientHello, HubFlags, Welcome } from '../../extensions/backend/hub/protocol.ts'
import { createLineSplitter } from '../../extensions/backend/mcp/line-splitter.ts'
import type { Scope } from './scope.ts'

export interface ClientStart {
  command: ClientHello['command']
  env: Readonly<Record<string, string>>
  cwd: string
  flags?: Partial<HubFlags>
  /** Sent in `initialize`; null: the test sends it. */
  name?: string | null
  /** Of `initialize`. */
  version?: string
}

export interface Answer {
  id: number | string
  result?: Record<string, unknown> & { content?: readonly { text: string }[]; isError?: boolean }
  error?: { code: number; message: string }
}

export interface HubClient {
  readonly socket: Socket
  readonly welcome: Welcome
  /** All messages so far, without notes of the hub. */
  lines(): readonly string[]
  /** Notes of the hub to `connect`. */
  notes(): readonly string[]
  send(message: object): void
  sendLine(line: string): void
  /** Resolves to the answer; `id`: default is the next number. */
  request(method: string, params?: object, id?: number | string): Promise<Answer>
  call(tool: string, args?: object, id?: number | string): Promise<Answer>
  cancel(requestId: number | string): void
  /** Resolves to the first matching message, past or future. */
  gets(what: string, is: (message: Record<string, unknown>) => boolean): Promise<Record<string, unknown>>
  /** Messages with this method so far. */
  all(method: string): readonly Record<string, unknown>[]
  /** Answered ping: everything sent before has been read by the hub. */
  ping(): Promise<Answer>
  readonly closed: Promise<void>
  close(): void
}

const NO_FLAGS: HubFlags = {
  isGlobal: false,
  opensOnLaunch: false,
  globalPort: null,
  idleShutdownMinutes: null,
  isPrivate: false,
  shareAs: null,
}
export const HELLO = { serenaDeck: 'hello', protocol: 1, release: '0.0.0-test', pid: process.pid } as const
type Message = Record<string, unknown>

export const openSocket = (path: string): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect({ path })
    socket.once('connect', () => resolve(socket))
    socket.once('error', reject)
  })

/** Opens a client, which has said hello and `initialize`; closed when the scope ends. */
export async function openHubClient(scope: Scope, path: string, start: ClientStart): Promise<HubClient> {
  const socket = await openSocket(path)
  const { command, env, cwd, flags } = start
  const hello = { ...HELLO, kind: 'client', parentPid: process.ppid, cwd, command, env, isResumed: false }
  socket.write(`${JSON.stringify({ ...hello, flags: { ...NO_FLAGS, ...flags } })}\n`)
  socket.on('error', () => undefined)
  scope.add(() => void socket.destroy())
  const inbox = readInbox(socket)
  const welcome = JSON.parse(await inbox.when('a welcome', () => inbox.first())) as Welcome
  const client = clientOf(socket, inbox, welcome)
  const { name = 'test', version: protocolVersion = '2025-06-18' } = start
  if (name === null) return client
  await client.request('initialize', {
    protocolVersion,
    capabilities: {},
    clientInfo: { name, version: '1' },
  })
  client.send({ method: 'notifications/initialized' })
  return client
}

interface Inbox {
  first(): string | null
  readonly lines: readonly string[]
  readonly notes: readonly string[]
  messages(): readonly Message[]
  /** Resolves when `find` does; rejects when the connection is closed. */
  when<Found>(what: string, find: () => Found | null | undefined): Promise<Found>
  readonly closed: Promise<void>
}

function readInbox(socket: Socket): Inbox {
  const lines: string[] = []
  const notes: string[] = []
  const parsed: Message[] = []
  const waiters = new Set<() => void>()
  let first: string | null = null
  let isClosed = false
  const wake = (): void => {
    for (const waiter of waiters) waiter()
  }
  const take = (line: string): void => {
    if (first === null) first = line
    else if (line.startsWith('!')) notes.push(line.slice(1))
    else lines.push(line)
  }
  const splitter = createLineSplitter((bytes) => take(bytes.toString('utf8')), {
    maxBytes: 2 ** 28,
    onTooLong: () => undefined,
  })
  socket.on('data', (chunk) => {
    splitter.push(chunk)
    wake()
  })
  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => {
      isClosed = true
      wake()
      resolve()
    })
  })
  return {
    first: () => first,
    lines,
    notes,
    closed,
    // Parsed only when it is asked for: a test may read thousands of lines.
    messages() {
      for (const line of lines.slice(parsed.length)) parsed.push(JSON.parse(line) as Message)
      return parsed
    },
    when: (what, find) =>
      new Promise((resolve, reject) => {
        const finish = (settle: () => void): void => {
          clearTimeout(timer)
          waiters.delete(check)
          settle()
        }
        const fail = (why: string): void => finish(() => reject(new Error(`${why}: ${what}`)))
        const timer = setTimeout(() => fail('not within 30 s'), 30_000)
        const check = (): void => {
          const found = find()
          if (found !== null && found !== undefined) finish(() => resolve(found))
          else if (isClosed) fail('the hub has closed the connection')
        }
        waiters.add(check)
        check()
      }),
  }
}

function clientOf(socket: Socket, inbox: Inbox, welcome: Welcome): HubClient {
  let lastId = 0
  const sendLine = (line: string): void => void socket.write(`${line}\n`)
  const send = (message: object): void => sendLine(JSON.stringify({ jsonrpc: '2.0', ...message }))
  const request: HubClient['request'] = (method, params, id = `own-${++lastId}`) => {
    let from = inbox.lines.length
    send({ id, method, ...(params && { params }) })
    return inbox.when(`the answer to ${method} (${String(id)})`, () => {
      const all = inbox.messages()
      for (; from < all.length; from++) {
        const one = all[from]
        if (one?.['method'] === undefined && one?.['id'] === id) return one as unknown as Answer
      }
      return null
    })
  }
  return {
    socket,
    welcome,
    lines: () => inbox.lines,
    notes: () => inbox.notes,
    send,
    sendLine,
    request,
    call: (name, args = {}, id) => request('tools/call', { name, arguments: args }, id),
    cancel: (requestId) => send({ method: 'notifications/cancelled', params: { requestId } }),
    gets: (what, is) => inbox.when(what, () => inbox.messages().find(is)),
    all: (method) => inbox.messages().filter((one) => one['method'] === method),
    ping: () => request('ping'),
    closed: inbox.closed,
    close: () => void socket.end(),
  }
}
