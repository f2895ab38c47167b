// What each route of the contract does: a route without a handler does not compile.
import { AppError } from '#contract/errors'
import type { RouteAnswer, RouteBody, RouteName } from '#contract/routes'
import type { DeckServices } from '../compose/deck-services.ts'
import type { DashboardChanges } from '../dashboards/dashboard-service.ts'
import type { HealthService } from '../doctor/health-service.ts'
import type { ShareService } from '../doctor/share-service.ts'
import type { HubChange } from '../hub/hub-client.ts'
import type { HubService } from '../hub/hub-service.ts'
import type { RegistryService } from '../registry/registry-service.ts'
import type { SettingsService } from '../settings/settings-service.ts'
import type { WindowService } from '../window/windows.ts'
import type { EventStream } from './event-stream.ts'
import type { Sessions } from './sessions.ts'

const CHALLENGE = /^[0-9a-f]{32,128}$/

export interface HandlerDeps extends DeckServices {
  windows: WindowService
  sessions: Sessions
  stream: EventStream
  version: string
  /** `http://127.0.0.1:25282/` */
  url: () => string
  /** An address was requested: a page will open soon. */
  onAddressAsked: () => void
}

export interface Input<Name extends RouteName> {
  body: RouteBody<Name>
  parameter: (name: string) => string
  query: (name: string) => string | undefined
}

export type Handlers<Names extends RouteName = RouteName> = {
  [Name in Names]: (input: Input<Name>) => RouteAnswer<Name> | Promise<RouteAnswer<Name>>
}

/** Returns the handler of every route. */
export const createHandlers = (deps: HandlerDeps): Handlers => ({
  ...sessionHandlers(deps),
  ...instanceHandlers(deps),
  ...projectHandlers(deps),
  ...memoryHandlers(deps.changes),
  ...changeHandlers(deps.changes),
  ...registryHandlers(deps.registry),
  ...settingsHandlers(deps.settings),
  ...windowHandlers(deps.windows),
  ...hubHandlers(deps.hub),
  ...shareHandlers(deps.sharing),
  ...healthHandlers(deps.health),
})

function sessionHandlers({ sessions, version, url, onAddressAsked }: HandlerDeps) {
  return {
    identity({ query }) {
      const challenge = query('challenge') ?? ''
      if (!CHALLENGE.test(challenge))
        throw new AppError('bad-input', { issue: 'challenge must be 32 to 128 hex digits' })
      return { product: 'serena-deck', version, pid: process.pid, proof: sessions.prove(challenge) }
    },
    session({ body }) {
      const token = sessions.redeem(body.nonce)
      if (token === null) throw new AppError(sessions.isGuessing() ? 'too-many-attempts' : 'unauthorized')
      return { token }
    },
    openUrl() {
      onAddressAsked()
      return { openUrl: `${url()}#${sessions.issueNonce()}` }
    },
  } satisfies Partial<Handlers>
}

function instanceHandlers({ instances, dashboards, ending, history, usage, stream }: HandlerDeps) {
  return {
    instances: () => instances.current(),
    sweep: () => instances.sweep(),
    stream: ({ body, parameter }) => ({
      isKnown: stream.setVisible(parameter('streamId'), body.isVisible),
    }),
    overview: ({ parameter }) => dashboards.overview(parameter('id')),
    executions: ({ parameter }) => dashboards.executions(parameter('id')),
    stats: ({ parameter }) => dashboards.stats(parameter('id')),
    logs: ({ parameter, query }) => dashboards.logs(parameter('id'), indexOf(query('from') ?? '0')),
    planEnding: ({ body }) => ending.plan(body.ids),
    end: ({ body }) => ending.end(body),
    history: ({ query }) => history.list({ about: query('about') ?? null, limit: limitOf(query('limit')) }),
    usage: ({ query }) => usage.lastHour(query('id') ?? null),
    usageWeek: () => usage.lastWeek(),
  } satisfies Partial<Handlers>
}

function projectHandlers({ places, labels, jumps, editors, launches }: HandlerDeps) {
  return {
    reveal: ({ parameter, body }) => places.reveal(parameter('id'), body),
    setLabel: ({ parameter, body }) => labels.set(parameter('id'), body),
    jump: ({ parameter }) => jumps.jump(parameter('id')),
    editors: () => editors.editors(),
    launch: ({ parameter }) => launches.of(parameter('id')),
    openInEditor: ({ parameter, body }) => editors.open(parameter('id'), body),
  } satisfies Partial<Handlers>
}

function memoryHandlers(changes: DashboardChanges) {
  return {
    memory: ({ parameter, query }) => changes.memory(parameter('id'), query('name') ?? ''),
    saveMemory: ({ parameter, body }) => changes.saveMemory(parameter('id'), body),
    renameMemory: ({ parameter, body }) => changes.renameMemory(parameter('id'), body),
    deleteMemory: ({ parameter, body }) => changes.deleteMemory(parameter('id'), body),
  } satisfies Partial<Handlers>
}

function changeHandlers(changes: DashboardChanges) {
  return {
    clearLogs: ({ parameter }) => changes.clearLogs(parameter('id')),
    clearStats: ({ parameter }) => changes.clearStats(parameter('id')),
    languages: ({ parameter }) => changes.languages(parameter('id')),
    addLanguage: ({ parameter, body }) => changes.addLanguage(parameter('id'), body),
    removeLanguage: ({ parameter, body }) => changes.removeLanguage(parameter('id'), body),
    cancelExecution: ({ parameter, body }) => changes.cancelExecution(parameter('id'), body),
    setOpensOnLaunch: ({ parameter, body }) => changes.setOpensOnLaunch(parameter('id'), body),
    news: ({ parameter }) => changes.news(parameter('id')),
    markNewsRead: ({ parameter, body }) => changes.markNewsRead(parameter('id'), body),
    shutdown: ({ parameter }) => changes.shutdown(parameter('id')),
    configuration: ({ parameter }) => changes.configuration(parameter('id')),
    previewConfiguration: ({ parameter, body }) => changes.previewConfiguration(parameter('id'), body),
    saveConfiguration: ({ parameter, body }) => changes.saveConfiguration(parameter('id'), body),
  } satisfies Partial<Handlers>
}

function registryHandlers(registry: RegistryService) {
  return {
    registry: () => registry.list(),
    register: ({ body }) => registry.register(body),
    touchEntry: ({ parameter }) => registry.touch(parameter('id')),
    updateEntry: ({ parameter, body }) => registry.update(parameter('id'), body),
    deregisterEntry: ({ parameter }) => registry.deregister(parameter('id')),
  } satisfies Partial<Handlers>
}

function settingsHandlers(settings: SettingsService) {
  return {
    settings: () => settings.view(),
    changeOwnSettings: ({ body }) => settings.changeOwn(body),
    previewHomeSettings: ({ body }) => settings.previewHome(body),
    saveHomeSettings: ({ body }) => settings.saveHome(body),
  } satisfies Partial<Handlers>
}

function windowHandlers(windows: WindowService) {
  return {
    adoptWindow: ({ body }) => windows.adopt(body),
    closeWindow: () => ({ wasOpen: windows.dismiss() }),
    showWindow: ({ body }) => windows.show(body.id, body.view),
  } satisfies Partial<Handlers>
}

function hubHandlers(hub: HubService) {
  const change = async (...[action, target]: [HubChange['action'], string | null]) => ({
    count: await hub.control({ action, target }),
  })
  return {
    hub: async () => ({ hub: await hub.status() }),
    stopHub: ({ body }) => change('stop', body.target),
    restartHub: ({ body }) => change('restart', body.target),
    detachClient: ({ body }) => change('detach', body.client),
  } satisfies Partial<Handlers>
}

function shareHandlers(sharing: ShareService) {
  return {
    previewShare: ({ parameter }) => sharing.preview(parameter('id')),
    shareProject: ({ parameter, body }) => sharing.share(parameter('id'), body),
    undoShare: ({ body }) => sharing.undo(body.file),
  } satisfies Partial<Handlers>
}

function healthHandlers(health: HealthService) {
  return {
    healthCount: () => health.count(),
    health: ({ query }) => health.health(query('fresh') === '1'),
    previewFix: ({ body }) => health.preview(body.ids),
    applyFix: ({ body }) => health.fix(body),
    undoFix: () => health.undo(),
    async ignoreFinding({ body }) {
      await health.ignore(body)
      return { isDone: true }
    },
  } satisfies Partial<Handlers>
}

const DEFAULT_RECORDS = 200
const MAX_RECORDS = 10_000

function limitOf(text: string | undefined): number {
  if (text === undefined) return DEFAULT_RECORDS
  const limit = /^[1-9]\d{0,4}$/.test(text) ? Number(text) : 0
  if (limit < 1 || limit > MAX_RECORDS)
    throw new AppError('bad-input', { issue: 'limit must be a whole number from 1 to 10000' })
  return limit
}

function indexOf(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new AppError('bad-input', { issue: 'from must be a whole number' })
  return Number(text)
}
