// One running backend: its parts, its server, and the record with which other processes find it.
import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '#contract/errors'
import { type BackendClient, findBackend } from '../access/backend-client.ts'
import { removeBackendRecord, writeBackendRecord } from '../access/backend-record.ts'
import { type RunningServer, startServer } from '../http/server.ts'
import { startHubForUrl } from '../hub/start-for-url.ts'
import { productVersion } from '../lib/product.ts'
import { secureFolder } from '../os/files/secure-folder.ts'
import { stateFolder } from '../os/paths.ts'
import { keepMemorySmall } from '../os/small-memory.ts'
import type { WindowService } from '../window/windows.ts'
import { createBackend, reportFault } from './backend.ts'
import { ownerOf } from './port-owner.ts'

const DEFAULT_PORT = 25_282
/** Another starting backend may hold the port before it writes its record. */
const NEIGHBOUR_MS = 3_000

export interface ServeOptions {
  env: NodeJS.ProcessEnv
  platform: NodeJS.Platform
  /** Null: the default. 0: any free port. */
  port: number | null
  /** The built page. */
  pageFolder: string
}

export interface Serving {
  url: string
  /** With a single-use nonce, valid for one minute. */
  openUrl: string
  pid: number
  version: string
  windows: WindowService
  /** The setting: continue in the background when the window is closed. */
  keepsWatching(): boolean
  close(): Promise<void>
}

/** The backend of this user is already running in another process. */
export interface Attached {
  attached: true
  openUrl: string
}

/**
 * Serves until it is closed, or returns the address of this user's running backend.
 * AppError: `port-taken` (with the owner's name where it can be found), `port-forbidden`, `state-folder-unsafe`, `not-written`.
 */
export async function serve(options: ServeOptions): Promise<Serving | Attached> {
  const { env, platform, pageFolder } = options
  keepMemorySmall(env, platform)
  const folder = stateFolder(env, platform)
  secureFolder(folder)
  const running = await findBackend(folder)
  if (running) return attach(running)

  let url = ''
  const { deck, sessions, stream, windows, page, app } = createBackend({
    env,
    platform,
    pageFolder,
    stateFolder: folder,
    url: () => url,
  })
  const { settings } = deck

  let server: RunningServer | null = null
  async function close(): Promise<void> {
    windows.close()
    removeBackendRecord(folder, sessions.token)
    stream.close()
    await Promise.all([server?.close(), deck.close()])
  }
  try {
    server = await startServer(
      { app, stream, sessions, page, windowOrigins: windows.origins },
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
  startHubForUrl(env, platform).catch(reportFault)

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

const attach = async (running: BackendClient): Promise<Attached> => ({
  attached: true,
  openUrl: await running.openUrl(),
})

/** The port is in use: by a backend of this user that has just started, or by another program, which the error names. */
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
