// The composition root of the backend: deck, gate, event stream and server, and the record that tells others where it is.
import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '#contract/errors'
import { createApp } from './app.ts'
import { type BackendClient, findBackend } from './backend-client.ts'
import { productVersion } from './cli/product.ts'
import { createDeck } from './deck.ts'
import type { Listener } from './facts.ts'
import { createWindows } from './features/window/windows.ts'
import { createEventHub } from './http/event-hub.ts'
import { readPageFiles } from './http/page-files.ts'
import { createSessions } from './http/sessions.ts'
import { askedAddress } from './lib/network-address.ts'
import { keepHeapSmall } from './lib/small-heap.ts'
import { openPage } from './open-page.ts'
import { readKeptText, writeKeptText } from './os/kept-text.ts'
import { canNotify } from './os/notices.ts'
import { stateFolder } from './os/paths.ts'
import { createProcessSource } from './os/process-source.ts'
import { removeBackendRecord, secureFolder, writeBackendRecord } from './os/state-file.ts'
import { fileFailure } from './os/write-file.ts'
import { type RunningServer, startServer } from './server.ts'
import type { WindowService } from './services.ts'

const DEFAULT_PORT = 25_282
/** A start beside ours may hold the port and not have written its record yet. */
const NEIGHBOUR_MS = 3_000

export interface ServeOptions {
  env: NodeJS.ProcessEnv
  platform: NodeJS.Platform
  /** Null: the default. 0: any free one. */
  port: number | null
  /** The built page. */
  pageFolder: string
}

export interface Serving {
  url: string
  /** With a single-use nonce, good for a minute. */
  openUrl: string
  pid: number
  version: string
  windows: WindowService
  /** The setting: the watch goes on when the window is closed. */
  keepsWatching(): boolean
  close(): Promise<void>
}

/** Our own backend runs already, elsewhere. */
export interface Attached {
  attached: true
  openUrl: string
}

/**
 * Serves until it is closed, or says that this user's backend runs already.
 * AppError: `port-taken` (with the owner's name where it can be found), `port-forbidden`, `state-folder-unsafe`, `not-written`.
 */
export async function serve(options: ServeOptions): Promise<Serving | Attached> {
  const { env, platform, pageFolder } = options
  keepHeapSmall(env)
  const folder = stateFolder(env, platform)
  secureFolder(folder)
  const running = await findBackend(folder)
  if (running) return attach(running)

  const onFault = (error: unknown): void => {
    const known = error instanceof AppError ? error : fileFailure(error)
    const text = known ? `${known.message} ${known.fix}` : stackOf(error)
    process.stderr.write(`${text}\n`)
  }
  const now = (): number => performance.now()
  const deck = createDeck({
    env,
    platform,
    onFault,
    page: {
      isConnected: () => hub.counts().readers > 0,
      open: (instanceId) =>
        openPage({
          address: `${url}#${sessions.issueNonce()}.${instanceId}`,
          target: `pid:${instanceId.split('-')[0]}`,
          stateFolder: folder,
          env,
          platform,
        }),
    },
  })
  const sessions = createSessions({ wall: () => Date.now(), monotonic: now })
  const page = readPageFiles(pageFolder)
  const { instances, dashboards, changes, ending, history, places, registry, settings } = deck
  const hub = createEventHub({ instances, ending, version: productVersion, now })
  let url = ''
  const windows = createWindows({
    introduce() {
      const list = instances.current()
      return {
        url: url.slice(0, -1),
        nonce: sessions.issueNonce(),
        canNotify: canNotify(env, platform),
        // Until its first look it knows of nobody, and of no home.
        ...(list.serenaHomes.length > 0 && { list }),
      }
    },
    readKept: () => readKeptText(folder),
    writeKept: (text) => writeKeptText(folder, text),
    onFault,
  })
  const app = createApp({
    instances,
    dashboards,
    changes,
    ending,
    history,
    places,
    registry,
    windows,
    settings,
    sessions,
    hub,
    page,
    version: productVersion,
    url: () => url,
    onAddressAsked: deck.expectPage,
    onFault,
  })

  let server: RunningServer | null = null
  async function close(): Promise<void> {
    windows.close()
    removeBackendRecord(folder, sessions.token)
    hub.close()
    await Promise.all([server?.close(), deck.close()])
  }
  try {
    server = await startServer(
      { app, hub, sessions, page, windowOrigins: windows.origins },
      options.port ?? settings.port() ?? DEFAULT_PORT,
    )
    url = `http://127.0.0.1:${server.port}/`
    deck.setOwnPort(server.port)
    const record = { port: server.port, token: sessions.token, version: productVersion, pid: process.pid }
    writeBackendRecord(folder, { schema: 1, startedAt: new Date().toISOString(), ...record })
  } catch (error) {
    await close()
    return neighbourOrThrow(error, folder, platform)
  }
  deck.start()
  deck.keepHistory()

  return {
    url,
    openUrl: `${url}#${sessions.issueNonce()}`,
    pid: process.pid,
    version: productVersion,
    windows,
    keepsWatching: settings.keepsWatching,
    close,
  }
}

const stackOf = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error)

const attach = async (running: BackendClient): Promise<Attached> => ({
  attached: true,
  openUrl: await running.openUrl(),
})

/** The port is taken: by a backend of ours that started a moment before, or by a stranger who is named. */
async function neighbourOrThrow(
  error: unknown,
  folder: string,
  platform: NodeJS.Platform,
): Promise<Attached> {
  if (!(error instanceof AppError) || error.code !== 'port-taken') throw error
  for (const end = performance.now() + NEIGHBOUR_MS; performance.now() < end; await sleep(150)) {
    const running = await findBackend(folder)
    if (running) return attach(running)
  }
  const port = Number(error.data['port'])
  const owner = await ownerOf(port, platform)
  throw new AppError('port-taken', { port, ...(owner !== null && { owner }) }, { cause: error })
}

/** We listen on 127.0.0.1: a socket on another address or in another network namespace takes no port from us. */
const isInOurWay = ({ address, unreachable }: Listener): boolean =>
  askedAddress(address) === '127.0.0.1' && (unreachable === undefined || unreachable === 'shadowed')

/** Name and pid of who listens on a port; null: it cannot be seen by this user. */
async function ownerOf(port: number, platform: NodeJS.Platform): Promise<string | null> {
  const source = createProcessSource(platform)
  const processes = [...(await source.list()).byPid.values()]
  for (const [pid, listeners] of await source.listeners(processes))
    if (listeners?.some((one) => one.port === port && isInOurWay(one)))
      return `${processes.find((process) => process.pid === pid)?.name ?? 'a program'} (process ${pid})`
  return null
}
