// The app: every route of the contract's table with its handler. The gate has checked the request before; the app itself does not listen.

import { type Context, Hono } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { AppError, ERRORS, type ErrorCode, type ErrorData, errorBody } from '#contract/errors'
import { METRICS_PATH, type Route, type RouteName, routes } from '#contract/routes'
import { createHandlers, type HandlerDeps, type Handlers, type Input } from './handlers.ts'
import { renderMetrics } from './metrics.ts'
import type { PageFiles } from './page-files.ts'
import { checkQuery, readBody } from './read-request.ts'

const PAGE_MISSING = 'The page is not built yet. Run: npm run build\n'

export interface AppDeps extends HandlerDeps {
  page: PageFiles
  onFault: (error: unknown) => void
}

/** Creates the app of one backend. */
export function createApp(deps: AppDeps): Hono {
  const app = new Hono()
  const handlers = createHandlers(deps)
  for (const name of Object.keys(routes) as RouteName[]) mount(app, name, handlers)
  app.get(METRICS_PATH, (c) => c.text(renderMetrics(deps.instances.current(), deps.stream.counts())))
  app.get('*', (c) => servePage(c, deps.page))
  app.notFound((c) => failure(c, 'not-found'))
  app.onError((error, c) => {
    if (error instanceof AppError) return failure(c, error.code, error.data)
    deps.onFault(error)
    return failure(c, 'internal')
  })
  return app
}

function mount<Name extends RouteName>(app: Hono, name: Name, handlers: Handlers): void {
  const route: Route = routes[name]
  app.on(route.method, route.path, async (c) => {
    const body = (await readBody(c, route)) as Input<Name>['body']
    checkQuery(c, route)
    const parameter = (key: string): string => c.req.param(key) ?? ''
    const answer = await handlers[name]({ body, parameter, query: (key) => c.req.query(key) })
    return c.json(answer, 200, { 'cache-control': 'no-store' })
  })
}

function servePage(c: Context, page: PageFiles): Response {
  const file = page.get(c.req.path)
  if (!file) return c.req.path === '/' ? c.text(PAGE_MISSING, 503) : failure(c, 'not-found')
  const isGzip = /\bgzip\b/.test(c.req.header('accept-encoding') ?? '')
  return c.body(new Uint8Array(isGzip ? file.gzipped : file.body), 200, {
    'content-type': file.type,
    vary: 'accept-encoding',
    ...(isGzip && { 'content-encoding': 'gzip' }),
    'cache-control': file.isImmutable ? 'public, max-age=31536000, immutable' : 'no-store',
  })
}

function failure(c: Context, code: ErrorCode, data: ErrorData = {}): Response {
  const status = ERRORS[code].status as ContentfulStatusCode
  return c.json(errorBody(code, data), status, { 'cache-control': 'no-store' })
}
