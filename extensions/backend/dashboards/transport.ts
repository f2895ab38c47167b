// One HTTP exchange with a dashboard. The server may be any program: deadlines are total, sizes are bounded, redirects and
// encodings are refused, and the request carries no data of ours. Node's own client: undici needs 9 MiB.

import { type IncomingMessage, request } from 'node:http'
import type { Socket } from 'node:net'
import { AppError } from '#contract/errors'
import { createLimit } from '../lib/limit.ts'
import type { DashboardTarget, HostRefusal } from './dashboard-facts.ts'
import { whyTooMuch } from './json-depth.ts'
import { type OwnsConnection, openConnection, proveOwner } from './open-connection.ts'
import { createTrustedHost } from './trusted-host.ts'

const MAX_BYTES = 8 * 1024 * 1024
const CONNECTIONS = 4
/** Werkzeug's response to an untrusted host. */
const REFUSED = 400

export interface Exchange {
  method: 'GET' | 'POST' | 'PUT'
  path: string
  body?: unknown
  /** The answer is an HTML page; its value is a string. */
  isHtml?: boolean
  /** Sent only once the expected process is proven to have the other end of the connection. */
  isProven?: boolean
  /** Of connecting, headers and body together. */
  deadlineMs: number
}

/** `absent`: the route does not exist in this Serena. */
export type Answer = { kind: 'json'; value: unknown } | { kind: 'absent' }

export interface Transport {
  /**
   * Returns the answer. AppError `dashboard-timeout`, `dashboard-unreachable`, `dashboard-nonsense`; of a proven exchange also
   * `instance-replaced`. If its cause is `NotSent`, nothing was sent.
   */
  exchange(exchange: Exchange): Promise<Answer>
  /** Null: it accepts the host 127.0.0.1, or was not queried yet. */
  hostRefusal(): HostRefusal | null
  close(): void
}

/**
 * Returns a transport to the address and port of one listening socket: never to a name, which may resolve to another address. Each
 * exchange has a connection of its own, because Serena's server closes it after its answer, and a pool keeps some 50 KB for every
 * instance.
 */
export function createTransport(target: DashboardTarget, owns?: OwnsConnection): Transport {
  const { port } = target.listener
  const limit = createLimit(CONNECTIONS)
  const connected = new Set<Socket>()
  const host = createTrustedHost(target.trustedHosts)
  let isClosed = false

  async function onConnection(exchange: Exchange, signal: AbortSignal): Promise<Answer> {
    const { refused, answer } = await once(exchange, signal)
    // A GET changes nothing: it may be repeated with another host until one is accepted.
    const isToRepeat = refused && exchange.method === 'GET' && !host.isAccepted() && host.next()
    return isToRepeat ? onConnection(exchange, signal) : answer()
  }

  async function once(
    exchange: Exchange,
    signal: AbortSignal,
  ): Promise<{ refused: boolean; answer: () => Answer }> {
    if (isClosed) throw new AppError('dashboard-unreachable')
    const socket = await openConnection(target, signal)
    connected.add(socket)
    try {
      if (exchange.isProven && owns) await proveOwner(socket, target, owns, signal)
      if (isClosed) throw new AppError('dashboard-unreachable')
      const response = await send(exchange, { socket, host: `${host.current()}:${port}`, signal })
      const refused = response.statusCode === REFUSED
      if (!refused) host.accept()
      return { refused, answer: await settled(read(response, exchange.isHtml === true)) }
    } finally {
      connected.delete(socket)
      socket.destroy()
    }
  }

  return {
    async exchange(exchange) {
      // The deadline includes the wait for a free connection.
      const signal = AbortSignal.timeout(exchange.deadlineMs)
      try {
        return await limit(() => onConnection(exchange, signal))
      } catch (error) {
        throw asAppError(error, signal)
      }
    },
    hostRefusal: host.refusal,
    close() {
      isClosed = true
      for (const socket of connected) socket.destroy()
    },
  }
}

/** Returns a function that returns the value, or throws the error. */
const settled = <Value>(promise: Promise<Value>): Promise<() => Value> =>
  promise.then(
    (value) => () => value,
    (error: unknown) => () => {
      throw error
    },
  )

interface Way {
  socket: Socket
  /** The `Host` of the request. */
  host: string
  signal: AbortSignal
}

/** Sends over that socket only; resolves when the headers are complete. */
function send(
  { method, path, body, isHtml }: Exchange,
  { socket, host, signal }: Way,
): Promise<IncomingMessage> {
  const headers = {
    host,
    connection: 'close',
    accept: isHtml ? 'text/html' : 'application/json',
    'accept-encoding': 'identity',
  }
  const text = body === undefined ? null : JSON.stringify(body)
  const sent =
    text === null ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }
  return new Promise((resolve, reject) => {
    request(
      { method, path, signal, createConnection: () => socket, headers: { ...headers, ...sent } },
      resolve,
    )
      .on('error', reject)
      .end(text ?? undefined)
  })
}

/** What is not read is dropped with the connection. */
async function read(response: IncomingMessage, isHtml: boolean): Promise<Answer> {
  const refusal = whyUnusable(response, isHtml)
  if (response.statusCode === 404) return { kind: 'absent' }
  if (refusal !== null) throw nonsense(refusal)
  const text = await readBounded(response)
  if (isHtml) return { kind: 'json', value: text }
  const excess = whyTooMuch(text)
  if (excess !== null) throw nonsense(excess)
  try {
    return { kind: 'json', value: JSON.parse(text) as unknown }
  } catch (cause) {
    throw new AppError('dashboard-nonsense', { issue: 'it is not JSON' }, { cause })
  }
}

function whyUnusable({ statusCode: status = 0, headers }: IncomingMessage, isHtml: boolean): string | null {
  if (status >= 300 && status < 400) return 'it redirects'
  if (status !== 200 && status !== 404) return `status ${status}`
  const encoding = headers['content-encoding']
  if (encoding !== undefined && encoding !== 'identity') return 'it has an encoding that was not requested'
  const type = headers['content-type']
  const wanted = isHtml ? /^text\/html\b/i : /^application\/json\b/i
  if (status === 200 && !(typeof type === 'string' && wanted.test(type)))
    return isHtml ? 'it is not HTML' : 'it is not JSON'
  return null
}

async function readBounded(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > MAX_BYTES) throw new AppError('dashboard-too-large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

const nonsense = (issue: string): AppError => new AppError('dashboard-nonsense', { issue })

function asAppError(error: unknown, signal: AbortSignal): AppError {
  if (error instanceof AppError) return error
  return new AppError(signal.aborted ? 'dashboard-timeout' : 'dashboard-unreachable', {}, { cause: error })
}
