// One HTTP exchange with a dashboard. The server may be any program: deadlines are total, sizes are bounded, redirects and
// encodings are refused, and the request carries no data of ours.

import type { Socket } from 'node:net'
import { type buildConnector, Client, type Dispatcher, errors } from 'undici'
import { AppError } from '#contract/errors'
import { createLimit } from '../lib/limit.ts'
import { connectAddress, endpointText } from '../lib/network-address.ts'
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
  close(): Promise<void>
}

/**
 * Returns a transport to the address and port of one listening socket: never to a name, which may resolve to another address. Each
 * exchange has a connection of its own, because Serena's server closes it after its answer, and a pool keeps some 50 KB for every
 * instance.
 */
export function createTransport(target: DashboardTarget, owns?: OwnsConnection): Transport {
  const { address, port } = target.listener
  const origin = `http://${endpointText(connectAddress(address), port)}`
  const limit = createLimit(CONNECTIONS)
  const connected = new Set<Client>()
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
    let client: Client | null = null
    try {
      if (exchange.isProven && owns) await proveOwner(socket, target, owns, signal)
      if (isClosed) throw new AppError('dashboard-unreachable')
      client = new Client(origin, { pipelining: 0, connect: onlyOver(socket) })
      connected.add(client)
      const response = await send(client, exchange, `${host.current()}:${port}`, signal)
      const refused = response.statusCode === REFUSED
      if (!refused) host.accept()
      return { refused, answer: await settled(read(response, exchange.isHtml === true)) }
    } finally {
      if (client) connected.delete(client)
      await client?.destroy()
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
    async close() {
      isClosed = true
      await Promise.all([...connected].map((client) => client.destroy()))
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

/** Connects with that socket only; a request that needs another connection fails. Compare `buildConnector` of undici. */
function onlyOver(socket: Socket): buildConnector.connector {
  let isUsed = false
  return (_, callback) => {
    if (isUsed) return callback(new Error('the connection closed'), null)
    isUsed = true
    // A synchronous callback would come before the client has queued the request, and be lost.
    queueMicrotask(() => callback(null, socket))
  }
}

function send(
  client: Client,
  { method, path, body, deadlineMs, isHtml }: Exchange,
  host: string,
  signal: AbortSignal,
): Promise<Dispatcher.ResponseData> {
  return client.request({
    method,
    path,
    signal,
    headersTimeout: deadlineMs,
    bodyTimeout: deadlineMs,
    headers: {
      host,
      accept: isHtml ? 'text/html' : 'application/json',
      'accept-encoding': 'identity',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    body: body === undefined ? null : JSON.stringify(body),
  })
}

async function read(
  { statusCode, headers, body }: Dispatcher.ResponseData,
  isHtml: boolean,
): Promise<Answer> {
  const refusal = whyUnusable(statusCode, headers, isHtml)
  if (refusal !== null || statusCode === 404) {
    await drop(body)
    if (statusCode === 404) return { kind: 'absent' }
    throw nonsense(refusal ?? 'unusable')
  }
  const text = await readBounded(body)
  if (isHtml) return { kind: 'json', value: text }
  const excess = whyTooMuch(text)
  if (excess !== null) throw nonsense(excess)
  try {
    return { kind: 'json', value: JSON.parse(text) as unknown }
  } catch (cause) {
    throw new AppError('dashboard-nonsense', { issue: 'it is not JSON' }, { cause })
  }
}

function whyUnusable(
  status: number,
  headers: Dispatcher.ResponseData['headers'],
  isHtml: boolean,
): string | null {
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

async function readBounded(body: Dispatcher.ResponseData['body']): Promise<string> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of body as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > MAX_BYTES) {
      await drop(body)
      throw new AppError('dashboard-too-large')
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** Closes the connection instead of reading a body that is not needed. */
async function drop(body: Dispatcher.ResponseData['body']): Promise<void> {
  body.on('error', () => undefined) // the destruction itself
  body.destroy()
  await Promise.resolve()
}

const nonsense = (issue: string): AppError => new AppError('dashboard-nonsense', { issue })

function asAppError(error: unknown, signal: AbortSignal): AppError {
  if (error instanceof AppError) return error
  const isTimeout =
    signal.aborted ||
    error instanceof errors.HeadersTimeoutError ||
    error instanceof errors.BodyTimeoutError ||
    error instanceof errors.ConnectTimeoutError
  return new AppError(isTimeout ? 'dashboard-timeout' : 'dashboard-unreachable', {}, { cause: error })
}
