// Named calls to the backend over HTTP, each with what goes in and what comes out as the route table says.
import * as z from 'zod/mini'
import { errorBodySchema } from '#contract/error-body'
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

/** A call that failed, in the words a person reads. `code` is one of the contract's, or `offline`. */
export class CallError extends Error {
  readonly code: string
  readonly fix: string

  constructor(code: string, why: string, fix: string, options?: { cause?: unknown }) {
    super(why, options)
    this.name = 'CallError'
    this.code = code
    this.fix = fix
  }
}

interface CallInput<Name extends RouteName> extends RouteTarget {
  body?: RouteBody<Name>
  signal?: AbortSignal
}

export interface Backend {
  /** The route's answer, or a CallError. */
  call<Name extends RouteName>(name: Name, input?: CallInput<Name>): Promise<RouteAnswer<Name>>
  /** The event stream's bytes, or a CallError. */
  events(signal: AbortSignal): Promise<ReadableStream<Uint8Array>>
}

/** The backend at that address, with the token of its session, which may still be on its way; null before there is one. */
export function makeBackend(baseUrl: string, session: Promise<string | null> | null): Backend {
  async function send(target: string, init: RequestInit): Promise<Response> {
    const headers = new Headers(init.headers)
    const token = await session
    if (token !== null) headers.set('authorization', `Bearer ${token}`)
    let response: Response
    try {
      response = await fetch(baseUrl + target, { ...init, headers, credentials: 'omit', redirect: 'error' })
    } catch (cause) {
      throw new CallError(
        'offline',
        'Serena Deck cannot be reached.',
        'Is it still running? Open it again with `serena-deck open`.',
        {
          cause,
        },
      )
    }
    if (response.ok) return response
    throw await errorOf(response)
  }

  return {
    async call(name, { body, signal, ...target } = {}) {
      const route: Route = routes[name]
      const response = await send(targetOf(route, target), {
        method: route.method,
        ...(body !== undefined && {
          body: JSON.stringify(body),
          headers: { 'content-type': 'application/json' },
        }),
        ...(body === undefined &&
          route.method !== 'GET' && { headers: { 'content-type': 'application/json' } }),
        ...(signal && { signal }),
      })
      const parsed = z.safeParse(route.answer, await response.json())
      if (parsed.success) return parsed.data as RouteAnswer<typeof name>
      throw new CallError(
        'other-version',
        'Serena Deck answered in a way this page does not know.',
        'Reload the page.',
      )
    },
    async events(signal) {
      const { body } = await send(EVENTS_PATH, { signal })
      if (body === null) throw new CallError('offline', 'The event stream is empty.', 'Reload the page.')
      return body
    },
  }
}

async function errorOf(response: Response): Promise<CallError> {
  const answer: unknown = await response.json().catch(() => null)
  const parsed = z.safeParse(errorBodySchema, answer)
  if (!parsed.success)
    return new CallError(
      'other-version',
      `The answer was HTTP ${response.status}.`,
      'Is another program on this port?',
    )
  const { code, why, fix } = parsed.data.error
  return new CallError(code, why, fix)
}
