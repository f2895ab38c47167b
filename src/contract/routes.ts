// The route table: every call the page and the command line make, with what goes in and what comes out.
import * as z from 'zod/mini'
import {
  executionsAnswerSchema,
  logPageAnswerSchema,
  overviewAnswerSchema,
  toolStatsAnswerSchema,
} from './details.ts'
import { instanceListSchema } from './instance.ts'

/** `open`: no token needed (and no secret in the answer); `token`: the bearer of this start of the backend. */
export type Access = 'open' | 'token'

export interface Route<
  Body extends z.core.$ZodType = z.core.$ZodType,
  Answer extends z.core.$ZodType = z.core.$ZodType,
> {
  method: 'GET' | 'POST' | 'PUT'
  /** `:id` and `:streamId` are parameters, percent-encoded by the caller. */
  path: string
  access: Access
  /** The JSON body, for POST and PUT. */
  body: Body
  /** Names of the query parameters that may be given. */
  query: readonly string[]
  answer: Answer
}

const route = <Body extends z.core.$ZodType, Answer extends z.core.$ZodType>(
  method: Route['method'],
  path: string,
  access: Access,
  { body, query = [], answer }: { body: Body; query?: readonly string[]; answer: Answer },
): Route<Body, Answer> => ({ method, path, access, body, query, answer })

const nothing = z.optional(z.undefined())
const instancePath = (rest: string): string => `/api/instances/:id/${rest}`

export const routes = {
  /** Proves who we are: HMAC-SHA256, keyed with the token, over the challenge. */
  identity: route('GET', '/api/identity', 'open', {
    body: nothing,
    query: ['challenge'],
    answer: z.object({
      product: z.literal('serena-deck'),
      version: z.string(),
      pid: z.number(),
      proof: z.string(),
    }),
  }),
  /** Trades the single-use nonce of the address's fragment for the token. */
  session: route('POST', '/api/session', 'open', {
    body: z.object({ nonce: z.string() }),
    answer: z.object({ token: z.string() }),
  }),
  /** A fresh address with a new single-use nonce, for `open`. */
  openUrl: route('POST', '/api/open-url', 'token', {
    body: nothing,
    answer: z.object({ openUrl: z.string() }),
  }),
  instances: route('GET', '/api/instances', 'token', { body: nothing, answer: instanceListSchema }),
  /** Looks at everything now and answers the result. */
  sweep: route('POST', '/api/sweep', 'token', { body: nothing, answer: instanceListSchema }),
  /** Says whether the page behind a stream can be seen: the sweep is slower while none can. */
  stream: route('PUT', '/api/streams/:streamId', 'token', {
    body: z.object({ isVisible: z.boolean() }),
    answer: z.object({ isKnown: z.boolean() }),
  }),
  overview: route('GET', instancePath('overview'), 'token', { body: nothing, answer: overviewAnswerSchema }),
  executions: route('GET', instancePath('executions'), 'token', {
    body: nothing,
    answer: executionsAnswerSchema,
  }),
  stats: route('GET', instancePath('stats'), 'token', { body: nothing, answer: toolStatsAnswerSchema }),
  logs: route('GET', instancePath('logs'), 'token', {
    body: nothing,
    query: ['from'],
    answer: logPageAnswerSchema,
  }),
} as const satisfies Record<string, Route>

export interface RouteTarget {
  /** For `:id` and `:streamId`. */
  params?: Readonly<Record<string, string>>
  query?: Readonly<Record<string, string>>
}

/** The request path of a call, each part percent-encoded. */
export function targetOf(route: Pick<Route, 'path'>, { params = {}, query = {} }: RouteTarget): string {
  const path = route.path.replace(/:([a-zA-Z]+)/g, (_, name: string) =>
    encodeURIComponent(params[name] ?? ''),
  )
  const search = Object.entries(query).map((pair) => pair.map(encodeURIComponent).join('='))
  return search.length === 0 ? path : `${path}?${search.join('&')}`
}

export type RouteName = keyof typeof routes
export type RouteBody<Name extends RouteName> = z.infer<(typeof routes)[Name]['body']>
export type RouteAnswer<Name extends RouteName> = z.infer<(typeof routes)[Name]['answer']>

/** Routes whose answer is not one JSON document. */
export const EVENTS_PATH = '/api/events'
export const METRICS_PATH = '/metrics'
