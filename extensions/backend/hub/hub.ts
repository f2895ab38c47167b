// All clients and all Serenas of one user, and when a Serena ends because it is not used.
import { createAwakeClock } from './awake-clock.ts'
import type { CallLimits } from './call-limits.ts'
import type { ClientPort } from './client-port.ts'
import type { KeptCopies } from './kept-copies.ts'
import type { Member } from './member.ts'
import type { ClientHello } from './protocol.ts'
import type { ChildDeps, ChildExit, SerenaChild } from './serena-child.ts'
import { type Place, type SerenaSpec, specOf } from './serena-spec.ts'
import { createSession, type Session } from './session.ts'
import { createSharedSerena, type SharedSerena } from './shared-serena.ts'

/** How a Serena is started and accompanied, by the flags of its first client. */
export interface SerenaStart {
  start(deps: ChildDeps): Promise<SerenaChild>
  mayRetry(exit: ChildExit): boolean
  /** Null: its calls are not watched. Read at each start. */
  callLimits(): CallLimits | null
  /** Above 0; null: it never sleeps. Read when it is needed. */
  idleShutdownMinutes(hasRepl: boolean): number | null
  /** It runs, or has ended. */
  changed(pid: number | null): void
}

export interface HubDeps {
  copies: KeptCopies
  /** Prepares the start of a Serena for its first client. */
  prepareStart(spec: SerenaSpec, hello: ClientHello): SerenaStart
  /** How long a Serena without clients is kept. */
  lingerMs: number
  onChange(): void
  onFault(error: unknown): void
  /** A message of this size has passed, from or to a client. */
  used(bytes: number): void
  /** Monotonic milliseconds. */
  now(): number
}

export interface Hub {
  connect(hello: ClientHello, port: ClientPort): Session
  disconnect(session: Session): void
  sessions(): readonly Session[]
  serenas(): readonly Entry[]
  /** Whether a call is running or waiting. */
  isBusy(): boolean
  /** Call it about twice a second: ends what is not used, and what hangs. */
  tick(): void
  /** Ends the Serenas; resolves when nothing of their trees is left. */
  end(entries: readonly Entry[], as: 'asleep' | 'stopped'): Promise<void>
}

export interface Entry {
  readonly id: string
  readonly serena: SharedSerena
  readonly start: SerenaStart
}

interface KeptEntry extends Entry {
  /** Monotonic; null: it has clients. */
  emptySinceMs: number | null
}

/** Creates a hub without clients. */
export function createHub(deps: HubDeps): Hub {
  const entries = new Map<string, KeptEntry>()
  const sessions = new Set<Session>()
  const awake = createAwakeClock(deps.now)
  let clientCount = 0
  let serenaCount = 0

  function entryOf(spec: SerenaSpec, hello: ClientHello): KeptEntry {
    const known = entries.get(spec.key)
    if (known) return known
    const start = deps.prepareStart(spec, hello)
    const serena = createSharedSerena({
      spec,
      copies: deps.copies,
      startChild: start.start,
      mayRetry: start.mayRetry,
      callLimits: start.callLimits,
      onFault: deps.onFault,
      now: deps.now,
      awakeMs: awake.now,
      onChange() {
        start.changed(entries.get(spec.key)?.serena.life.child()?.pid ?? null)
        deps.onChange()
      },
    })
    const entry = { id: `s${++serenaCount}`, serena, start, emptySinceMs: null }
    entries.set(spec.key, entry)
    return entry
  }

  function move(hello: ClientHello, member: Member, place: Place, from: SharedSerena | null): SharedSerena {
    const entry = entryOf(specOf(hello, place, member.id), hello)
    if (entry.serena === from) return from
    entry.emptySinceMs = null
    entry.serena.join(member)
    if (from) leave(from, member, true)
    return entry.serena
  }

  function leave(serena: SharedSerena, member: Member, isConnected: boolean): void {
    serena.leave(member, isConnected)
    const entry = entries.get(serena.spec.key)
    if (entry && serena.members().length === 0) entry.emptySinceMs ??= deps.now()
  }

  async function remove(entry: KeptEntry): Promise<void> {
    await entry.serena.life.end('stopped')
    if (entry.serena.members().length === 0) entries.delete(entry.serena.spec.key)
    deps.onChange()
  }

  function check(entry: KeptEntry): void {
    const { serena, start, emptySinceMs } = entry
    const nowMs = deps.now()
    // A Serena of one client only ends with that client.
    const lingerMs = serena.spec.privateBecause === null ? deps.lingerMs : 0
    if (emptySinceMs !== null && nowMs - emptySinceMs >= lingerMs && serena.calls.isIdle())
      return void remove(entry)
    if (serena.life.state() !== 'running') return
    const minutes = start.idleShutdownMinutes(serena.mayHaveRepl())
    const sinceMs = serena.idleSinceMs()
    if (minutes !== null && sinceMs !== null && nowMs - sinceMs >= minutes * 60_000)
      void serena.life.end('asleep')
  }

  return {
    connect(hello, port) {
      const session = createSession(`c${++clientCount}`, hello, port, {
        move: (member, place, from) => move(hello, member, place, from),
        onChange: deps.onChange,
        used: deps.used,
      })
      sessions.add(session)
      deps.onChange()
      return session
    },
    disconnect(session) {
      sessions.delete(session)
      session.closed()
      // Calls from before it has moved may still be running.
      for (const { serena } of [...entries.values()])
        if (serena !== session.serena()) serena.leave(session, false)
      leave(session.serena(), session, false)
      deps.onChange()
    },
    sessions: () => [...sessions],
    serenas: () => [...entries.values()],
    isBusy: () => [...entries.values()].some(({ serena }) => serena.idleSinceMs() === null),
    tick() {
      awake.tick()
      for (const entry of [...entries.values()]) {
        entry.serena.tick()
        check(entry)
      }
    },
    async end(chosen, as) {
      await Promise.all(chosen.map(({ serena }) => serena.life.end(as)))
    },
  }
}
