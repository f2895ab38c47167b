// Talking to the running backend of this user. It proves who it is before any token is sent: whoever listens on its port
// after it has gone must learn nothing.
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
import { askBackend } from './backend-request.ts'
import { proofOf } from './http/sessions.ts'
import { processMayRun } from './os/process-may-run.ts'
import { type BackendRecord, readBackendRecord } from './os/state-file.ts'

const IDENTITY_MS = 2_000
/** Characters. */
const MAX_IDENTITY = 4_096
const CALL_MS = 30_000
/** The stream says something each 15 s. */
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
  /** A fresh address with a single-use nonce. */
  openUrl(): Promise<string>
  /** The raw event stream; ends when the backend does or the signal says so. */
  events(signal: AbortSignal): Promise<AsyncIterable<Buffer>>
}

/** The running backend whose record lies in the state folder; null: none runs, or what answers there is not it. */
export async function findBackend(
  stateFolder: string,
  /** One has this process and port and may run, but does not answer: it hangs, is stopped, or is not let through. */
  onSilent?: (silent: Pick<BackendRecord, 'pid' | 'port'>) => void,
): Promise<BackendClient | null> {
  const record = readBackendRecord(stateFolder)
  if (record === null) return null
  const answer = await askForProof(record)
  if (answer === 'proven') return createClient(record)
  if (answer === 'silent' && processMayRun(record.pid)) onSilent?.(record)
  return null
}

async function askForProof({ port, token }: BackendRecord): Promise<'proven' | 'stranger' | 'silent'> {
  const challenge = randomBytes(32).toString('hex')
  try {
    const response = await askBackend({
      port,
      path: `/api/identity?challenge=${challenge}`,
      signal: AbortSignal.timeout(IDENTITY_MS),
    })
    const answer = z.safeParse(routes.identity.answer, JSON.parse(await beginningOf(response)))
    if (response.statusCode !== 200 || !answer.success) return 'stranger'
    const proof = Buffer.from(answer.data.proof)
    const expected = Buffer.from(proofOf(token, challenge))
    const isRight = proof.length === expected.length && timingSafeEqual(proof, expected)
    return isRight ? 'proven' : 'stranger'
  } catch (error) {
    return isSilence(error) ? 'silent' : 'stranger'
  }
}

/** How a request ends that something took and did not answer in time or hung up on. */
const SILENCE: ReadonlySet<unknown> = new Set(['ABORT_ERR', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT'])

/** Not a refused connection or an answer without sense: then our backend does not run. */
const isSilence = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && SILENCE.has(error.code)

/** What it says, no longer than an identity is: it may be somebody who never stops. */
async function beginningOf(response: IncomingMessage): Promise<string> {
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
      return await askBackend({
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
      const response = await askBackend({ port, path: EVENTS_PATH, headers, signal })
      if (response.statusCode !== 200) throw errorOf(await json(response).catch(() => undefined))
      return response.setTimeout(SILENT_MS, () => response.destroy())
    },
  }
}

/** The backend's own error with its own sentences; a code of another version counts as `internal`. */
export function errorOf(answer: unknown): AppError {
  const parsed = z.safeParse(errorBodySchema, answer)
  if (!parsed.success) return new AppError('backend-unreachable')
  const { code, why, fix } = parsed.data.error
  const error = new AppError(Object.hasOwn(ERRORS, code) ? (code as ErrorCode) : 'internal')
  error.message = why
  error.fix = fix
  return error
}
