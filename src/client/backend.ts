// Typed calls to the backend over HTTP, as the route table defines them.
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
import { visibleLine } from '#contract/visible-text'
import { CallError } from './call-error.ts'

interface CallInput<Name extends RouteName> extends RouteTarget {
  body?: RouteBody<Name>
  signal?: AbortSignal
}

export interface Backend {
  /** Returns the route's answer; rejects with a CallError. */
  call<Name extends RouteName>(name: Name, input?: CallInput<Name>): Promise<RouteAnswer<Name>>
  /** Returns the bytes of the event stream; rejects with a CallError. */
  events(signal: AbortSignal): Promise<ReadableStream<Uint8Array>>
}

/** Creates the backend at that address. The session token may still be pending; null: no session yet. */
export function makeBackend(baseUrl: string, session: Promise<string | null> | null): Backend {
  const send = async (target: string, init: RequestInit): Promise<Response> => {
    const headers = new Headers(init.headers)
    const token = await session
    if (token !== null) headers.set('authorization', `Bearer ${token}`)
    return checkedFetch(baseUrl + target, { ...init, headers, credentials: 'omit', redirect: 'error' })
  }
  return {
    async call(name, { body, signal, ...target } = {}) {
      const route: Route = routes[name]
      const hasContentType = body !== undefined || route.method !== 'GET'
      const response = await send(targetOf(route, target), {
        method: route.method,
        ...(body !== undefined && { body: JSON.stringify(body) }),
        ...(hasContentType && { headers: { 'content-type': 'application/json' } }),
        ...(signal && { signal }),
      })
      const parsed = z.safeParse(route.answer, await response.json())
      if (parsed.success) return parsed.data as RouteAnswer<typeof name>
      throw new CallError(
        'other-version',
        'Serena Deck sent a response that this page cannot read.',
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

async function checkedFetch(url: string, init: RequestInit): Promise<Response> {
  let response: Response
  try {
    response = await fetch(url, init)
  } catch (cause) {
    const fix = 'Check that Serena Deck is running, or run `serena-deck open`.'
    throw new CallError('offline', 'Cannot connect to Serena Deck.', fix, { cause })
  }
  if (response.ok) return response
  throw await errorOf(response)
}

/** Returns the error of a response. Hidden characters are escaped here, so that every view can show the texts. */
async function errorOf(response: Response): Promise<CallError> {
  const answer: unknown = await response.json().catch(() => null)
  const parsed = z.safeParse(errorBodySchema, answer)
  if (!parsed.success)
    return new CallError(
      'other-version',
      `Unexpected response: HTTP ${response.status}.`,
      'Check whether another program uses this port.',
    )
  const { code, why, fix } = parsed.data.error
  return new CallError(code, visibleLine(why), visibleLine(fix))
}
