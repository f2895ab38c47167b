// The hub as a process: exactly one per user and state folder. It ends some time after its last client, or when it is asked to.
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { HubStatus } from '#contract/hub'
import { productCommand, productVersion } from '../lib/product.ts'
import { takeKernelLock } from '../os/kernel-lock.ts'
import { stateFolder } from '../os/paths.ts'
import { createClientWatch } from './client-watch.ts'
import { createEventFile } from './event-file.ts'
import { createHub, type Hub } from './hub.ts'
import { controlHub } from './hub-control.ts'
import { type OptionalHttp, startOptionalHttp } from './hub-http.ts'
import { createHubLifetime } from './hub-lifetime.ts'
import { report } from './hub-log.ts'
import { prepareHubPlace } from './hub-place.ts'
import { type HubServer, startHubServer } from './hub-server.ts'
import { hubStatus } from './hub-status.ts'
import { createKeptCopies } from './kept-copies.ts'
import type { Note } from './protocol.ts'
import { createQuietCollection } from './quiet-collection.ts'
import { secondsOf } from './seconds-of.ts'
import { createSerenaStart } from './serena-start.ts'
import { serveClient } from './serve-client.ts'
import { createStatusObservers } from './status-observers.ts'

const TICK_MS = 500
const LOCK_WAIT_MS = 5_000
const LOCK_RETRY_MS = 50
const now = (): number => performance.now()

/** Runs the hub of this user until it ends; returns at once when another one runs. `words`: its arguments. AppErrors of the place and the lock. */
export async function runHub(words: readonly string[] = []): Promise<void> {
  const place = prepareHubPlace(stateFolder(process.env, process.platform))
  if (!(await takeHubLock(place.folder))) return
  process.title = 'serena-deck hub'
  const lifetime = createHubLifetime(secondsOf('SERENA_DECK_HUB_SECONDS', 600), now)
  const facts = { pid: process.pid, release: productVersion, startedAtMs: Date.now() }
  const watch = createClientWatch(report)
  const quiet = createQuietCollection(() => void globalThis.gc?.(), now)
  const observers = createStatusObservers(() => JSON.stringify(hubStatus(hub, facts, http)))
  /** A client joins when it has said its name. */
  const named = (): HubStatus => {
    const sessions = hub.sessions().filter((one) => one.isReady())
    return hubStatus({ sessions: () => sessions, serenas: hub.serenas }, facts, http)
  }
  const onChange = (): void => {
    observers.changed()
    events.changed()
  }
  const hub = createHub({
    copies: createKeptCopies(join(place.folder, 'kept')),
    prepareStart: (spec, hello) => createSerenaStart(spec, hello, { productCommand, onFault: report }),
    lingerMs: secondsOf('SERENA_DECK_SERENA_SECONDS', 60),
    onChange,
    onRequest: observers.changed,
    onFault: report,
    used: quiet.used,
    now,
  })
  const http = startOptionalHttp(words, {
    hub,
    folder: place.folder,
    env: process.env,
    onChange,
    onFault: report,
  })
  const events = createEventFile(place.folder, named, report)
  const end = createEnd(hub, http, () => server)
  const server: HubServer = await startHubServer({
    socketPath: place.socket,
    release: productVersion,
    onFault: report,
    observe: observers.add,
    control: (hello) =>
      controlHub(hello, {
        hub,
        end: () => setImmediate(() => void end('wait')),
        retire: lifetime.retire,
      }),
    serve: (hello, port) => serveClient(hub, watch, hello, port),
  })
  keepRunningUntil(() => void end('wait'))
  setInterval(() => {
    hub.tick()
    watch.tick()
    quiet.tick()
    const isUsed = hub.sessions().length > 0 || http.isOn()
    const use = { isUsed, isReplaced: !server.hasSocket(), isBusy: hub.isBusy }
    if (lifetime.isOver(use)) void end('reconnect')
  }, TICK_MS)
}

/** Returns the end of the hub and its Serenas, which happens once. */
function createEnd(
  hub: Hub,
  http: OptionalHttp,
  server: () => HubServer,
): (note: Note['note']) => Promise<void> {
  let isEnding = false
  return async (note) => {
    if (isEnding) return
    isEnding = true
    server().close()
    for (const session of hub.sessions()) session.disconnect(note)
    http.close()
    await hub.end(hub.serenas(), 'stopped')
    process.exit(0)
  }
}

/** From now on a fault does not end the process, and a signal calls `end`. Before this, a fault ends it with an exit code. */
function keepRunningUntil(end: () => void): void {
  process.on('uncaughtException', report)
  process.on('unhandledRejection', report)
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, end)
}

/** A hub that ends still holds the lock until its Serenas have ended. False: another hub serves. */
async function takeHubLock(folder: string): Promise<boolean> {
  for (const end = now() + LOCK_WAIT_MS; now() < end; await sleep(LOCK_RETRY_MS))
    if ((await takeKernelLock(folder, 'hub')) !== null) return true
  return false
}
