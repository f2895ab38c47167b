// The app: every route of the table with its handler. Judges nothing (the gate did) and listens on nothing.

import { type Context, Hono } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import * as z from 'zod/mini'
import { errorBody } from '#contract/error-body'
import { AppError, ERRORS, type ErrorCode, type ErrorData } from '#contract/errors'
import { type Route, type RouteAnswer, type RouteBody, type RouteName, routes } from '#contract/routes'
import type { EventHub } from './http/event-hub.ts'
import { renderMetrics } from './http/metrics.ts'
import type { PageFiles } from './http/page-files.ts'
import type { Sessions } from './http/sessions.ts'
import type {
  DashboardChanges,
  DashboardService,
  EndingService,
  HistoryService,
  InstanceService,
  PlaceService,
  RegistryService,
  SettingsService,
  WindowService,
} from './services.ts'

const MAX_BODY_BYTES = 1024 * 1024
/** Of somebody who has shown no token: a nonce is shorter. */
const MAX_OPEN_BODY_BYTES = 4 * 1024
const CHALLENGE = /^[0-9a-f]{32,128}$/
const PAGE_MISSING = 'The page is not built yet. Run: npm run build\n'

export interface AppDeps {
  instances: InstanceService
  dashboards: DashboardService
  changes: DashboardChanges
  ending: EndingService
  history: HistoryService
  places: PlaceService
  registry: RegistryService
  windows: WindowService
  settings: SettingsService
  sessions: Sessions
  hub: EventHub
  page: PageFiles
  version: string
  /** `http://127.0.0.1:25282/` */
  url: () => string
  /** Somebody is about to open the page. */
  onAddressAsked: () => void
  onFault: (error: unknown) => void
}

type Input<Name extends RouteName> = {
  body: RouteBody<Name>
  parameter: (name: string) => string
  query: (name: string) => string | undefined
}

/** The app of one backend. */
export function createApp(deps: AppDeps): Hono {
  const {
    instances,
    dashboards,
    changes,
    ending,
    history,
    places,
    registry,
    windows,
    sessions,
    hub,
    page,
    version,
    url,
    onFault,
  } = deps
  const app = new Hono()

  function mount<Name extends RouteName>(
    name: Name,
    handle: (input: Input<Name>) => RouteAnswer<Name> | Promise<RouteAnswer<Name>>,
  ): void {
    const route: Route = routes[name]
    app.on(route.method, route.path, async (c) => {
      const body = (await readBody(c, route)) as RouteBody<Name>
      checkQuery(c, route)
      const parameter = (key: string): string => c.req.param(key) ?? ''
      const answer = await handle({ body, parameter, query: (key) => c.req.query(key) })
      return c.json(answer, 200, { 'cache-control': 'no-store' })
    })
  }

  mount('identity', ({ query }) => {
    const challenge = query('challenge') ?? ''
    if (!CHALLENGE.test(challenge))
      throw new AppError('bad-input', { issue: 'challenge is 32 to 128 hex digits' })
    return { product: 'serena-deck', version, pid: process.pid, proof: sessions.prove(challenge) }
  })
  mount('session', ({ body }) => {
    const token = sessions.redeem(body.nonce)
    if (token === null) throw new AppError(sessions.isGuessing() ? 'too-many-attempts' : 'unauthorized')
    return { token }
  })
  mount('openUrl', () => {
    deps.onAddressAsked()
    return { openUrl: `${url()}#${sessions.issueNonce()}` }
  })
  mount('instances', () => instances.current())
  mount('sweep', () => instances.sweep())
  mount('stream', ({ body, parameter }) => ({
    isKnown: hub.setVisible(parameter('streamId'), body.isVisible),
  }))
  mount('overview', ({ parameter }) => dashboards.overview(parameter('id')))
  mount('executions', ({ parameter }) => dashboards.executions(parameter('id')))
  mount('stats', ({ parameter }) => dashboards.stats(parameter('id')))
  mount('logs', ({ parameter, query }) => dashboards.logs(parameter('id'), indexOf(query('from') ?? '0')))
  mountChanges(mount, changes)
  mountRegistry(mount, registry)
  mountSettings(mount, deps.settings)
  mount('planEnding', ({ body }) => ending.plan(body.ids))
  mount('end', ({ body }) => ending.end(body))
  mount('history', ({ query }) =>
    history.list({ about: query('about') ?? null, limit: limitOf(query('limit')) }),
  )
  mount('reveal', ({ parameter, body }) => places.reveal(parameter('id'), body))

  mount('adoptWindow', ({ body }) => windows.adopt(body))
  mount('closeWindow', () => ({ wasOpen: windows.dismiss() }))
  mount('showWindow', ({ body }) => windows.show(body.id))

  app.get('/metrics', (c) => c.text(renderMetrics(instances.current(), hub.counts())))

  app.get('*', (c) => {
    const file = page.get(c.req.path)
    if (!file) return c.req.path === '/' ? c.text(PAGE_MISSING, 503) : failure(c, 'not-found')
    const isGzip = /\bgzip\b/.test(c.req.header('accept-encoding') ?? '')
    return c.body(new Uint8Array(isGzip ? file.gzipped : file.body), 200, {
      'content-type': file.type,
      vary: 'accept-encoding',
      ...(isGzip && { 'content-encoding': 'gzip' }),
      'cache-control': file.isImmutable ? 'public, max-age=31536000, immutable' : 'no-store',
    })
  })

  app.notFound((c) => failure(c, 'not-found'))
  app.onError((error, c) => {
    if (error instanceof AppError) return failure(c, error.code, error.data)
    onFault(error)
    return failure(c, 'internal')
  })
  return app
}

type Mount = <Name extends RouteName>(
  name: Name,
  handle: (input: Input<Name>) => RouteAnswer<Name> | Promise<RouteAnswer<Name>>,
) => void

function mountChanges(mount: Mount, changes: DashboardChanges): void {
  mount('clearLogs', ({ parameter }) => changes.clearLogs(parameter('id')))
  mount('clearStats', ({ parameter }) => changes.clearStats(parameter('id')))
  mount('memory', ({ parameter, query }) => changes.memory(parameter('id'), query('name') ?? ''))
  mount('saveMemory', ({ parameter, body }) => changes.saveMemory(parameter('id'), body))
  mount('renameMemory', ({ parameter, body }) => changes.renameMemory(parameter('id'), body))
  mount('deleteMemory', ({ parameter, body }) => changes.deleteMemory(parameter('id'), body))
  mount('languages', ({ parameter }) => changes.languages(parameter('id')))
  mount('addLanguage', ({ parameter, body }) => changes.addLanguage(parameter('id'), body))
  mount('removeLanguage', ({ parameter, body }) => changes.removeLanguage(parameter('id'), body))
  mount('cancelExecution', ({ parameter, body }) => changes.cancelExecution(parameter('id'), body))
  mount('setOpensOnLaunch', ({ parameter, body }) => changes.setOpensOnLaunch(parameter('id'), body))
  mount('news', ({ parameter }) => changes.news(parameter('id')))
  mount('markNewsRead', ({ parameter, body }) => changes.markNewsRead(parameter('id'), body))
  mount('shutdown', ({ parameter }) => changes.shutdown(parameter('id')))
  mount('configuration', ({ parameter }) => changes.configuration(parameter('id')))
  mount('previewConfiguration', ({ parameter, body }) => changes.previewConfiguration(parameter('id'), body))
  mount('saveConfiguration', ({ parameter, body }) => changes.saveConfiguration(parameter('id'), body))
}

function mountRegistry(mount: Mount, registry: RegistryService): void {
  mount('registry', () => registry.list())
  mount('register', ({ body }) => registry.register(body))
  mount('touchEntry', ({ parameter }) => registry.touch(parameter('id')))
  mount('updateEntry', ({ parameter, body }) => registry.update(parameter('id'), body))
  mount('deregisterEntry', ({ parameter }) => registry.deregister(parameter('id')))
}

function mountSettings(mount: Mount, settings: SettingsService): void {
  mount('settings', () => settings.view())
  mount('changeOwnSettings', ({ body }) => settings.changeOwn(body))
  mount('previewHomeSettings', ({ body }) => settings.previewHome(body))
  mount('saveHomeSettings', ({ body }) => settings.saveHome(body))
}

function failure(c: Context, code: ErrorCode, data: ErrorData = {}): Response {
  const status = ERRORS[code].status as ContentfulStatusCode
  return c.json(errorBody(code, data), status, { 'cache-control': 'no-store' })
}

/** The body as the route's schema has it. Sentences name the place of a mistake, never what was sent. */
async function readBody(c: Context, { method, access, body: schema }: Route): Promise<unknown> {
  const type = c.req.header('content-type')
  const isJson = type !== undefined && /^application\/json\s*(;|$)/i.test(type)
  if (type !== undefined && !isJson) throw new AppError('unsupported-media-type')
  if (method === 'GET') return undefined
  const text = await readText(c, access === 'open' ? MAX_OPEN_BODY_BYTES : MAX_BODY_BYTES)
  if (text !== '' && !isJson) throw new AppError('unsupported-media-type')
  const parsed = z.safeParse(schema, text === '' ? undefined : parseJson(text))
  if (parsed.success) return parsed.data
  if (text === '' && type === undefined) throw new AppError('unsupported-media-type')
  const [issue] = parsed.error.issues
  throw new AppError('bad-input', {
    issue: `${issue?.path.map(String).join('.') || 'the body'} is not as it should be`,
  })
}

/** However it is sent, no more of it than that is kept. */
async function readText(c: Context, maxBytes: number): Promise<string> {
  if (Number(c.req.header('content-length') ?? 0) > maxBytes) throw new AppError('too-large')
  const chunks: Uint8Array[] = []
  let bytes = 0
  try {
    for await (const chunk of (c.req.raw.body ?? []) as AsyncIterable<Uint8Array>) {
      bytes += chunk.length
      if (bytes > maxBytes) break
      chunks.push(chunk)
    }
  } catch (cause) {
    // Whoever sent it has left: that is nobody's fault of ours, and nobody reads the answer.
    throw new AppError('bad-input', { issue: 'the body broke off' }, { cause })
  }
  if (bytes > maxBytes) throw new AppError('too-large')
  return Buffer.concat(chunks).toString('utf8')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new AppError('bad-input', { issue: 'the body is not JSON' }, { cause })
  }
}

function checkQuery(c: Context, { query }: Route): void {
  const given = c.req.queries()
  for (const [name, values] of Object.entries(given))
    if (!query.includes(name) || values.length > 1)
      throw new AppError('bad-input', { issue: 'a query parameter is unknown or given twice' })
}

const DEFAULT_RECORDS = 200
const MAX_RECORDS = 10_000

function limitOf(text: string | undefined): number {
  if (text === undefined) return DEFAULT_RECORDS
  const limit = /^[1-9]\d{0,4}$/.test(text) ? Number(text) : 0
  if (limit < 1 || limit > MAX_RECORDS)
    throw new AppError('bad-input', { issue: 'limit is not a whole number from 1 to 10000' })
  return limit
}

function indexOf(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new AppError('bad-input', { issue: 'from is not a whole number' })
  return Number(text)
}
