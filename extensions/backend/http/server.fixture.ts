// A real server on a real socket with services of the test, for the tests of the gate and of the stream.
import { connect, type Socket } from 'node:net'
import { afterEach, beforeEach } from 'vitest'
import type { EndingEvent } from '#contract/ending'
import type { InstanceChanges } from '#contract/events'
import type { InstanceList } from '#contract/instance'
import type { DashboardChanges } from '../dashboards/dashboard-service.ts'
import type { HealthService } from '../doctor/health-service.ts'
import type { ShareService } from '../doctor/share-service.ts'
import type { UsageService } from '../history/usage-service.ts'
import type { LaunchTexts } from '../instances/launch-texts.ts'
import type { PlaceService } from '../instances/places.ts'
import type { EditorService } from '../jump/folder-editors.ts'
import type { JumpService } from '../jump/jump.ts'
import type { RegistryService } from '../registry/registry-service.ts'
import type { LabelService } from '../settings/label-service.ts'
import type { SettingsService } from '../settings/settings-service.ts'
import type { WindowService } from '../window/windows.ts'
import { createWindows } from '../window/windows.ts'
import { createApp } from './app.ts'
import { createEventStream, type EventStream } from './event-stream.ts'
import { type RunningServer, type ServerLimits, startServer } from './server.ts'
import { createSessions, type Sessions } from './sessions.ts'

const EMPTY: InstanceList = {
  schema: 1,
  sweptAt: '2026-11-23T08:00:00.000Z',
  serenaHomes: ['/h'],
  instances: [],
  notices: [],
}
export const FAST: ServerLimits = { headersTimeoutMs: 400, requestTimeoutMs: 600, checkMs: 100 }
/** Small, so that a test fills them soon. */
export const SHARES = { unproven: 200, proven: 100 }
const page = new Map(
  ['/', '/assets/app-1.js'].map((path) => {
    const body = Buffer.from(path === '/' ? '<!doctype html><title>Serena Deck</title>' : 'export {}')
    return [
      path,
      {
        body,
        gzipped: body,
        type: path === '/' ? 'text/html' : 'text/javascript',
        isImmutable: path !== '/',
      },
    ]
  }),
)

/** State that the tests read and change; new for each test. */
export const the = {
  clockMs: 0,
  calls: [] as string[],
  visible: [] as boolean[],
  subscribers: new Set<(changes: InstanceChanges) => void>(),
  endingSubscribers: new Set<(event: EndingEvent) => void>(),
  faults: [] as unknown[],
  sockets: [] as Socket[],
} as {
  clockMs: number
  /** What the app asked of any service, as `ending.plan`. */
  calls: string[]
  visible: boolean[]
  subscribers: Set<(changes: InstanceChanges) => void>
  endingSubscribers: Set<(event: EndingEvent) => void>
  faults: unknown[]
  sockets: Socket[]
  sessions: Sessions
  stream: EventStream
  windows: WindowService
  server: RunningServer
}
/** The same service, and each call of it is noted. */
function noted<Service extends object>(name: string, service: Service): Service {
  return new Proxy(service, {
    get(target, key, receiver) {
      const member: unknown = Reflect.get(target, key, receiver)
      return (...input: unknown[]): unknown => {
        the.calls.push(`${name}.${String(key)}`)
        if (typeof member !== 'function') throw new Error('not part of this test')
        return (member as (...input: unknown[]) => unknown)(...input)
      }
    },
  })
}

const UNAVAILABLE = { isAvailable: false, since: null, why: 'test' } as const
const call = (id: string): Promise<typeof UNAVAILABLE> => {
  if (id === 'boom') throw new Error('a bug with a secret inside')
  return Promise.resolve(UNAVAILABLE)
}

const instances = {
  current: () => EMPTY,
  isConfirming: () => false,
  sweep: () => Promise.resolve(EMPTY),
  subscribe(onChanges: (changes: InstanceChanges) => void) {
    the.subscribers.add(onChanges)
    return () => the.subscribers.delete(onChanges)
  },
  setVisible: (isVisible: boolean) => the.visible.push(isVisible),
}

const ending = {
  plan: () => Promise.resolve({ schema: 1 as const, plan: [] }),
  end: () => Promise.resolve({ schema: 1 as const, ended: [], refused: [], survivors: [] }),
  subscribe: (onEvent: (event: EndingEvent) => void) => {
    the.endingSubscribers.add(onEvent)
    return () => the.endingSubscribers.delete(onEvent)
  },
}

const hub = {
  current: () => null,
  status: () => Promise.resolve(null),
  subscribe: () => () => undefined,
  control: () => Promise.resolve(1),
}

const makeWindows = (): WindowService =>
  createWindows({
    introduce: () => ({
      url: `http://127.0.0.1:${the.server.port}`,
      nonce: the.sessions.issueNonce(),
      canNotify: false,
    }),
    readStorage: () => null,
    writeStorage: () => undefined,
    onFault: (error) => the.faults.push(error),
  })

const makeApp = (): ReturnType<typeof createApp> =>
  createApp({
    instances: noted('instances', instances),
    dashboards: noted('dashboards', { overview: call, executions: call, stats: call, logs: call }),
    changes: noted('changes', {} as DashboardChanges),
    ending: noted('ending', ending),
    history: noted('history', {
      list: () => Promise.resolve({ schema: 1 as const, records: [], hasMore: false }),
    }),
    usage: noted('usage', {} as UsageService),
    places: noted('places', {} as PlaceService),
    hub: noted('hub', hub),
    sharing: noted('sharing', {} as ShareService),
    labels: noted('labels', {} as LabelService),
    health: noted('health', {} as HealthService),
    jumps: noted('jumps', {} as JumpService),
    editors: noted('editors', {} as EditorService),
    launches: noted('launches', {} as LaunchTexts),
    registry: noted('registry', {} as RegistryService),
    windows: noted('windows', the.windows),
    settings: noted('settings', {} as SettingsService),
    sessions: noted('sessions', the.sessions),
    stream: noted('stream', the.stream),
    page,
    version: '1.2.3',
    url: () => `http://127.0.0.1:${the.server.port}/`,
    onAddressAsked: () => void the.calls.push('onAddressAsked'),
    onFault: (error) => the.faults.push(error),
  })

/** Starts a server with new state. */
export async function start(limits?: ServerLimits): Promise<void> {
  the.clockMs = 0
  the.calls = []
  the.visible = []
  the.faults = []
  the.subscribers = new Set()
  the.sessions = createSessions({ wall: () => the.clockMs, monotonic: () => the.clockMs })
  the.stream = createEventStream({ instances, ending, hub, version: '1.2.3', now: () => the.clockMs })
  the.windows = makeWindows()
  const { sessions, stream, windows } = the
  const parts = { app: makeApp(), stream, sessions, page, windowOrigins: windows.origins, shares: SHARES }
  the.server = await startServer({ ...parts, ...(limits && { limits }) }, 0)
}

/** Registers a fresh server for each test of the file. */
export function serverPerTest(): void {
  beforeEach(() => start())
  afterEach(async () => {
    for (const socket of the.sockets.splice(0)) socket.destroy()
    the.stream.close()
    await the.server.close()
  })
}

export interface RawAnswer {
  status: number
  head: string
  body: string
  /** By the server, before the time was over. */
  isClosed: boolean
}

/** Sends bytes as they are and reads until the server closes, or until `ms` have passed. */
export function raw(text: string, ms = 1_500): Promise<RawAnswer> {
  return new Promise((resolve) => {
    const socket = connect(the.server.port, '127.0.0.1', () => socket.write(text))
    the.sockets.push(socket)
    let answer = ''
    const done = (isClosed: boolean): void => {
      const [head = '', ...rest] = answer.split('\r\n\r\n')
      const status = Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1] ?? 0)
      resolve({ status, head, body: rest.join('\r\n\r\n'), isClosed })
      socket.destroy()
    }
    const timer = setTimeout(() => done(false), ms)
    socket.on('data', (data) => {
      answer += data.toString('latin1')
    })
    socket.on('error', () => undefined) // the end follows
    socket.on('close', () => {
      clearTimeout(timer)
      done(true)
    })
  })
}

export const own = (): string => `127.0.0.1:${the.server.port}`
export const bearer = (): string => `Authorization: Bearer ${the.sessions.token}`
export function ask(method: string, target: string, ...headers: string[]): Promise<RawAnswer> {
  const has = (name: string): boolean => headers.some((line) => line.toLowerCase().startsWith(`${name}:`))
  const lines = [
    `${method} ${target} HTTP/1.1`,
    ...(has('host') ? [] : [`Host: ${own()}`]),
    ...(has('connection') ? [] : ['Connection: close']),
    ...headers,
  ]
  return raw(`${lines.join('\r\n')}\r\n\r\n`)
}
export const send = (
  method: string,
  target: string,
  body: string,
  ...headers: string[]
): Promise<RawAnswer> =>
  raw(
    [
      `${method} ${target} HTTP/1.1`,
      `Host: ${own()}`,
      'Connection: close',
      `Content-Length: ${Buffer.byteLength(body)}`,
      ...headers,
      '',
      body,
    ].join('\r\n'),
  )
export const post = (target: string, body: string, ...headers: string[]): Promise<RawAnswer> =>
  send('POST', target, body, ...headers)
export const JSON_TYPE = 'Content-Type: application/json'
