// The status of a hub as a document: plain facts, without measures.
import { basename } from 'node:path'
import type { HubClient, HubSerena, HubStatus } from '#contract/hub'
import { HUB_VERSION } from '#contract/versions'
import type { HubHttp } from './http/start-http.ts'
import type { Hub } from './hub.ts'
import type { Entry } from './kept-serenas.ts'
import type { Session } from './session.ts'

export interface HubFacts {
  pid: number
  release: string
  startedAtMs: number
}

/** Returns the status now. */
export function hubStatus(
  hub: Pick<Hub, 'sessions' | 'serenas'>,
  { pid, release, startedAtMs }: HubFacts,
  http: Pick<HubHttp, 'url' | 'fault'>,
): HubStatus {
  const sessions = hub.sessions()
  return {
    schema: HUB_VERSION,
    pid,
    release,
    startedAt: isoOf(startedAtMs),
    httpUrl: http.url(),
    httpFault: http.fault(),
    serenas: hub.serenas().map((entry) => serenaStatus(entry, sessions)),
    savedBytes: null,
  }
}

function serenaStatus({ id, serena, start }: Entry, sessions: readonly Session[]): HubSerena {
  const { spec, life, calls } = serena
  return {
    id,
    pid: life.child()?.pid ?? null,
    state: life.state(),
    project: spec.root === null ? null : { name: basename(spec.root), path: spec.root },
    context: spec.context,
    modes: [...spec.modes],
    serenaHome: spec.serenaHome,
    privateBecause: spec.privateBecause,
    idleShutdownMinutes: start.idleShutdownMinutes(serena.mayHaveRepl()),
    memoryBytes: null,
    crashes: life.crashes(),
    fault: life.fault(),
    clients: sessions.filter((one) => one.serena() === serena).map((one) => clientStatus(one, calls)),
  }
}

function clientStatus(session: Session, calls: Entry['serena']['calls']): HubClient {
  const { id, hello, connectedAtMs } = session
  const lastCallAtMs = session.counter.lastAtMs()
  return {
    id,
    // A client over HTTP has no process that is known: its hello is the hub's own.
    pid: hello.pid === process.pid ? null : hello.pid,
    name: session.name(),
    folder: hello.cwd,
    connectedAt: isoOf(connectedAtMs),
    lastCallAt: lastCallAtMs === null ? null : isoOf(lastCallAtMs),
    waiting: calls.waiting(id),
    running: calls.running(id),
    calls: session.counter.all(),
    recentCalls: session.counter.recent(performance.now()),
  }
}

const isoOf = (ms: number): string => new Date(ms).toISOString()
