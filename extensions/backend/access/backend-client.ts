// The client of this user's running backend. The backend proves its identity before a token is sent: another program on its port must
// not receive it.
import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { json } from 'node:stream/consumers'
import * as z from 'zod/mini'
import { errorBodySchema } from '#contract/error-body'
import { AppError, ERRORS, type ErrorCode } from '#contract/errors'
import {
  EVENTS_PATH,
  type Route,
  type RouteAnswer,
  type RouteBody,
  type RouteName,
  type RouteTarget,
  routes,
  targetOf,
} from '#contract/routes'
import { processMayRun } from '../os/process-may-run.ts'
import { type BackendRecord, readBackendRecord } from './backend-record.ts'
import { requestBackend } from './backend-request.ts'
import { proofOf } from './proof.ts'

const IDENTITY_MS = 2_000
/** Characters. */
const MAX_IDENTITY = 4_096
const CALL_MS = 30_000
/** The stream sends a ping every 15 s. */
const SILENT_MS = 60_000

interface CallOptions<Name extends RouteName> extends RouteTarget {
  body?: RouteBody<Name>
  /** Default: 30 s. */
  timeoutMs?: number
}

export interface BackendClient {
  readonly url: string
  readonly pid: number
  readonly version: string
  /** The route's answer; AppError with the backend's own code otherwise. */
  call<Name extends RouteName>(name: Name, options?: CallOptions<Name>): Promise<RouteAnswer<Name>>
  /** Returns a new address with a single-use nonce. */
  openUrl(): Promise<string>
  /** The raw event stream; ends with the backend, or when the signal is aborted. */
  events(signal: AbortSignal): Promise<AsyncIterable<Buffer>>
}

/** Returns the running backend of the state folder's record; null: none is running, or another program answers on its port. */
export async function findBackend(
  stateFolder: string,
  /** Called for a process that may be the backend but does not answer: it is hung, stopped, or blocked by a firewall. */
  onSilent?: (silent: Pick<BackendRecord, 'pid' | 'port'>) => void,
): Promise<BackendClient | null> {
  const record = readBackendRecord(stateFolder)
  if (record === null) return null
  const answer = await askForProof(record)
  if (answer === 'proven') return createClient(record)
  if (answer === 'silent' && processMayRun(record.pid)) onSilent?.(record)
  return null
}

async function askForProof({ port, token }: BackendRecord): Promise<'proven' | 'other' | 'silent'> {
  const challenge = randomBytes(32).toString('hex')
  try {
    const response = await requestBackend({
      port,
      path: `/api/identity?challenge=${challenge}`,
      signal: AbortSignal.timeout(IDENTITY_MS),
    })
    const answer = z.safeParse(routes.identity.answer, JSON.parse(await readStart(response)))
    if (response.statusCode !== 200 || !answer.success) return 'other'
    const proof = Buffer.from(answer.data.proof)
    const expected = Buffer.from(proofOf(token, challenge))
    const isRight = proof.length === expected.length && timingSafeEqual(proof, expected)
    return isRight ? 'proven' : 'other'
  } catch (error) {
    return isSilence(error) ? 'silent' : 'other'
  }
}

/** Errors of a request that was accepted and not answered. */
const SILENCE: ReadonlySet<unknown> = new Set(['ABORT_ERR', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT'])

/** A refused connection or an invalid answer is not silence: then the backend is not running. */
const isSilence = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && SILENCE.has(error.code)

/** Reads the start of an answer, up to the size of an identity: another program may send without end. */
async function readStart(response: IncomingMessage): Promise<string> {
  let text = ''
  for await (const part of response.setEncoding('utf8')) {
    text += String(part)
    if (text.length > MAX_IDENTITY) break
  }
  return text
}

function createClient({ port, token, pid, version }: BackendRecord): BackendClient {
  const url = `http://127.0.0.1:${port}/`
  const headers = { authorization: `Bearer ${token}` }

  async function call<Name extends RouteName>(
    name: Name,
    options: CallOptions<Name> = {},
  ): Promise<RouteAnswer<Name>> {
    const route: Route = routes[name]
    const response = await send(route, options)
    const answer = await json(response).catch(() => undefined)
    if (response.statusCode !== 200) throw errorOf(answer)
    const parsed = z.safeParse(route.answer, answer)
    if (!parsed.success) throw new AppError('backend-unreachable', {}, { cause: parsed.error })
    return parsed.data as RouteAnswer<Name>
  }

  async function send(route: Route, { body, timeoutMs = CALL_MS, ...target }: CallOptions<RouteName>) {
    try {
      return await requestBackend({
        port,
        path: targetOf(route, target),
        method: route.method,
        headers: { ...headers, ...(route.method !== 'GET' && { 'content-type': 'application/json' }) },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(timeoutMs),
      })
    } catch (cause) {
      throw new AppError('backend-unreachable', {}, { cause })
    }
  }

  return {
    url,
    pid,
    version,
    call,
    openUrl: async () => (await call('openUrl')).openUrl,
    async events(signal) {
      const response = await requestBackend({ port, path: EVENTS_PATH, headers, signal })
      if (response.statusCode !== 200) throw errorOf(await json(response).catch(() => undefined))
      return response.setTimeout(SILENT_MS, () => response.destroy())
    },
  }
}

/** Returns the backend's own error with its own sentences; a code of another version counts as `internal`. */
export function errorOf(answer: unknown): AppError {
  const parsed = z.safeParse(errorBodySchema, answer)
  if (!parsed.success) return new AppError('backend-unreachable')
  const { code, why, fix } = parsed.data.error
  const error = new AppError(Object.hasOwn(ERRORS, code) ? (code as ErrorCode) : 'internal')
  error.message = why
  error.fix = fix
  return error
}
