// The parts of one backend: deck, sessions, event stream, native windows and the app. Nothing listens yet.
import type { Hono } from 'hono'
import { AppError } from '#contract/errors'
import { createDeck, type Deck } from '../compose/deck.ts'
import { createApp } from '../http/app.ts'
import { createEventStream, type EventStream } from '../http/event-stream.ts'
import { type PageFiles, readPageFiles } from '../http/page-files.ts'
import { createSessions, type Sessions } from '../http/sessions.ts'
import { productVersion } from '../lib/product.ts'
import { canNotify } from '../os/can-notify.ts'
import { fileFailure } from '../os/files/write-failure.ts'
import { readPageStorage, writePageStorage } from '../window/page-storage.ts'
import { createWindows, type WindowService } from '../window/windows.ts'
import { openPage } from './open-page.ts'

export interface BackendOptions {
  env: NodeJS.ProcessEnv
  platform: NodeJS.Platform
  /** The built page. */
  pageFolder: string
  stateFolder: string
  /** `http://127.0.0.1:25282/`, once it listens. */
  url: () => string
}

export interface Backend {
  deck: Deck
  sessions: Sessions
  stream: EventStream
  windows: WindowService
  page: PageFiles
  app: Hono
}

/** Returns the parts of a backend. */
export function createBackend({ env, platform, pageFolder, stateFolder, url }: BackendOptions): Backend {
  const now = (): number => performance.now()
  const sessions = createSessions({ wall: () => Date.now(), monotonic: now })
  const deck = createDeck({
    env,
    platform,
    onFault: reportFault,
    page: {
      isConnected: () => stream.counts().readers > 0,
      open: (instanceId) =>
        openPage({
          address: `${url()}#${sessions.issueNonce()}.${instanceId}`,
          target: `pid:${instanceId.split('-')[0]}`,
          stateFolder,
          env,
          platform,
        }),
    },
  })
  const stream = createEventStream({ ...deck, version: productVersion, now })
  const windows = createWindows({
    introduce() {
      const list = deck.instances.current()
      return {
        url: url().slice(0, -1),
        nonce: sessions.issueNonce(),
        canNotify: canNotify(env, platform),
        // Before the first scan no instance and no home is known.
        ...(list.serenaHomes.length > 0 && { list }),
      }
    },
    readStorage: () => readPageStorage(stateFolder),
    writeStorage: (text) => writePageStorage(stateFolder, text),
    onFault: reportFault,
  })
  const page = readPageFiles(pageFolder)
  const app = createApp({
    ...deck,
    windows,
    sessions,
    stream,
    page,
    version: productVersion,
    url,
    onAddressAsked: deck.expectPage,
    onFault: reportFault,
  })
  return { deck, sessions, stream, windows, page, app }
}

/** Writes an unexpected error to stderr, which is the log of a backend in the background. */
export function reportFault(error: unknown): void {
  const known = error instanceof AppError ? error : fileFailure(error)
  process.stderr.write(`${known ? `${known.message} ${known.fix}` : stackOf(error)}\n`)
}

const stackOf = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error)
