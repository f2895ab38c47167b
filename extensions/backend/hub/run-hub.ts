// The hub as a process: exactly one per user and state folder. It ends some time after its last client, or when it is asked to.
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { HubStatus } from '#contract/hub'
import { productCommand, productVersion } from '../lib/product.ts'
import { takeKernelLock } from '../os/kernel-lock.ts'
import { stateFolder } from '../os/paths.ts'
import { type ClientPort, SLOW_BYTES } from './client-port.ts'
import { type ClientWatch, createClientWatch } from './client-watch.ts'
import { createEventFile } from './event-file.ts'
import { createHub, type Hub } from './hub.ts'
import { controlHub } from './hub-control.ts'
import { startOptionalHttp } from './hub-http.ts'
import { prepareHubPlace } from './hub-place.ts'
import { type HubServer, type Served, startHubServer } from './hub-server.ts'
import { hubStatus } from './hub-status.ts'
import { createKeptCopies } from './kept-copies.ts'
import type { ClientHello, Note } from './protocol.ts'
import { createQuietCollection } from './quiet-collection.ts'
import { secondsOf } from './seconds-of.ts'
import { createSerenaStart } from './serena-start.ts'

const TICK_MS = 500
const LOCK_WAIT_MS = 5_000
const LOCK_RETRY_MS = 50
const STATUS_MS = 1_000
/** Calls of one client that wait; beyond it the client is not read. */
const MOST_WAITING = 1_000
const MOST_WAITING_BYTES = 16 * 1024 * 1024
const now = (): number => performance.now()
/** Its log must not grow without limit. */
const MOST_REPORTS = 500
let reports = 0
function report(error: unknown): void {
  if (++reports > MOST_REPORTS) return
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  process.stderr.write(`${new Date().toISOString()} ${text}\n`)
}

/** Runs the hub of this user until it ends; returns at once when another one runs. `words`: its arguments. AppErrors of the place and the lock. */
export async function runHub(words: readonly string[] = []): Promise<void> {
  const place = prepareHubPlace(stateFolder(process.env, process.platform))
  if (!(await takeHubLock(place.folder))) return
  process.title = 'serena-deck hub'
  const emptyMs = secondsOf('SERENA_DECK_HUB_SECONDS', 600)
  const facts = { pid: process.pid, release: productVersion, startedAtMs: Date.now() }
  const watch = createClientWatch(report)
  const quiet = createQuietCollection(() => void globalThis.gc?.(), now)
  const status = (): HubStatus => hubStatus(hub, { ...facts, httpUrl: http.url(), httpFault: http.fault() })
  const observers = createObservers(() => JSON.stringify(status()))
  const onChange = (): void => {
    observers.changed()
    events.changed()
  }
  const hub = createHub({
    copies: createKeptCopies(join(place.folder, 'kept')),
    prepareStart: (spec, hello) => createSerenaStart(spec, hello, { productCommand, onFault: report }),
    lingerMs: secondsOf('SERENA_DECK_SERENA_SECONDS', 60),
    onChange,
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
  const events = createEventFile(place.folder, status, report)
  let emptySinceMs = now()
  let isRetiring = false
  let isEnding = false

  async function end(note: Note['note']): Promise<void> {
    if (isEnding) return
    isEnding = true
    server.close()
    for (const session of hub.sessions()) session.disconnect(note)
    http.close()
    await hub.end(hub.serenas(), 'stopped')
    process.exit(0)
  }

  const server: HubServer = await startHubServer({
    socketPath: place.socket,
    release: productVersion,
    onFault: report,
    observe: observers.add,
    control: (hello) =>
      controlHub(hello, {
        hub,
        end: () => setImmediate(() => void end('wait')),
        retire() {
          isRetiring = true
        },
      }),
    serve: (hello, port) => serve(hub, watch, hello, port),
  })
  // Before this, a fault ends it with an exit code.
  process.on('uncaughtException', report)
  process.on('unhandledRejection', report)
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void end('wait'))
  setInterval(() => {
    hub.tick()
    watch.tick()
    quiet.tick()
    if (hub.sessions().length > 0 || http.isOn()) emptySinceMs = now()
    const isReplaced = !server.hasSocket()
    const isUnused = now() - emptySinceMs >= emptyMs
    if (((isRetiring || isReplaced) && !hub.isBusy()) || isUnused) void end('reconnect')
  }, TICK_MS)
}

/** A hub that ends still holds the lock until its Serenas have ended. False: another hub serves. */
async function takeHubLock(folder: string): Promise<boolean> {
  for (const end = now() + LOCK_WAIT_MS; now() < end; await sleep(LOCK_RETRY_MS))
    if ((await takeKernelLock(folder, 'hub')) !== null) return true
  return false
}

function serve(hub: Hub, watch: ClientWatch, hello: ClientHello, port: ClientPort): Served {
  let heardAtMs = now()
  const session = hub.connect(hello, port)
  const unwatch = watch.add({
    pid: hello.pid,
    parentPid: hello.parentPid,
    lastHeardAtMs: () => heardAtMs,
    end: () => session.disconnect('exit'),
  })
  return {
    receive(line) {
      heardAtMs = now()
      session.receive(line)
    },
    drained: session.drained,
    isFull() {
      const { calls } = session.serena()
      return (
        calls.waiting(session.id) > MOST_WAITING ||
        calls.waitingBytes(session.id) > MOST_WAITING_BYTES ||
        port.unreadBytes() > SLOW_BYTES
      )
    },
    closed() {
      unwatch()
      hub.disconnect(session)
    },
  }
}

/** Sends the status to all observers after changes, at most once a second. */
function createObservers(status: () => string): {
  add(send: (line: string) => void): () => void
  changed(): void
} {
  const all = new Set<(line: string) => void>()
  let timer: NodeJS.Timeout | null = null
  return {
    add(send) {
      send(status())
      all.add(send)
      return () => all.delete(send)
    },
    changed() {
      if (all.size === 0 || timer !== null) return
      timer = setTimeout(() => {
        timer = null
        const line = status()
        for (const send of all) send(line)
      }, STATUS_MS)
    },
  }
}
