// One HTTP exchange with a dashboard. The peer may be anything: deadlines are total, sizes bounded, redirects refused,
// encodings refused, and nothing of ours travels with the request.

import { Client, type Dispatcher, errors } from 'undici'
import { AppError } from '#contract/errors'
import { createLimit } from '../../lib/limit.ts'
import { whyTooMuch } from './json-depth.ts'

const MAX_BYTES = 8 * 1024 * 1024
const CONNECTIONS = 4

export interface Exchange {
  method: 'GET' | 'POST' | 'PUT'
  path: string
  body?: unknown
  /** The answer is a page of text, and its value a string. */
  isHtml?: boolean
  /** For connecting, headers and body together. */
  deadlineMs: number
}

/** `absent`: the route does not exist in this Serena. */
export type Answer = { kind: 'json'; value: unknown } | { kind: 'absent' }

export interface Transport {
  /** The answer, or AppError `dashboard-timeout`, `dashboard-unreachable`, `dashboard-nonsense`. */
  exchange(exchange: Exchange): Promise<Answer>
  close(): Promise<void>
}

/**
 * A transport to 127.0.0.1:port: never a name, which may resolve to ::1 only. A connection for each exchange, as Serena's server
 * closes it after its answer anyway: a pool keeps some 50 KB for every instance that is asked once in ten seconds.
 */
export function createTransport(port: number): Transport {
  const origin = `http://127.0.0.1:${port}`
  const limit = createLimit(CONNECTIONS)
  const connected = new Set<Client>()
  let isClosed = false

  async function onConnection(exchange: Exchange, signal: AbortSignal): Promise<Answer> {
    if (isClosed) throw new AppError('dashboard-unreachable')
    const client = new Client(origin, { pipelining: 0 })
    connected.add(client)
    try {
      return await read(await send(client, exchange, signal), exchange.isHtml === true)
    } finally {
      connected.delete(client)
      await client.destroy()
    }
  }

  return {
    async exchange(exchange) {
      // From here on, waiting for a connection included.
      const signal = AbortSignal.timeout(exchange.deadlineMs)
      try {
        return await limit(() => onConnection(exchange, signal))
      } catch (error) {
        throw asAppError(error, signal)
      }
    },
    async close() {
      isClosed = true
      await Promise.all([...connected].map((client) => client.destroy()))
    },
  }
}

function send(
  client: Client,
  { method, path, body, deadlineMs, isHtml }: Exchange,
  signal: AbortSignal,
): Promise<Dispatcher.ResponseData> {
  return client.request({
    method,
    path,
    signal,
    headersTimeout: deadlineMs,
    bodyTimeout: deadlineMs,
    headers: {
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
  if (encoding !== undefined && encoding !== 'identity') return 'it is encoded, which was not asked for'
  const type = headers['content-type']
  const wanted = isHtml ? /^text\/html\b/i : /^application\/json\b/i
  if (status === 200 && !(typeof type === 'string' && wanted.test(type)))
    return isHtml ? 'it is no page' : 'it is not JSON'
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

/** Ends the connection rather than reading what nobody wants. */
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
