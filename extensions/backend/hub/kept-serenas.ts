// The Serenas of a hub by their keys: made when a client comes to their place, removed some time after the last one has left.
import type { CallLimits } from './call-limits.ts'
import type { KeptCopies } from './kept-copies.ts'
import type { Member } from './member.ts'
import type { ClientHello } from './protocol.ts'
import type { ChildDeps, ChildExit, SerenaChild } from './serena-child.ts'
import type { SerenaSpec } from './serena-spec.ts'
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

export interface Entry {
  readonly id: string
  readonly serena: SharedSerena
  readonly start: SerenaStart
}

export interface SerenasDeps {
  copies: KeptCopies
  /** Prepares the start of a Serena for its first client. */
  prepareStart(spec: SerenaSpec, hello: ClientHello): SerenaStart
  /** How long a Serena without clients is kept. */
  lingerMs: number
  onChange(): void
  onFault(error: unknown): void
  /** Monotonic milliseconds. */
  now(): number
}

export interface KeptSerenas {
  all(): readonly Entry[]
  /** Makes a client a member of the Serena of a place. `hello`: of this client. */
  join(member: Member, spec: SerenaSpec, hello: ClientHello): SharedSerena
  /** `isConnected`: it is elsewhere now; its calls here are still answered. */
  leave(member: Member, serena: SharedSerena, isConnected: boolean): void
  /** Call it about twice a second: ends what is not used, and what hangs. */
  tick(): void
}

interface KeptEntry extends Entry {
  /** Monotonic; null: it has clients. */
  emptySinceMs: number | null
}

/** Creates none. `awakeMs`: milliseconds in which this process was running. */
export function createKeptSerenas(deps: SerenasDeps, awakeMs: () => number): KeptSerenas {
  const entries = new Map<string, KeptEntry>()
  let count = 0

  function add(spec: SerenaSpec, hello: ClientHello): KeptEntry {
    const start = deps.prepareStart(spec, hello)
    const serena = createSharedSerena({
      spec,
      copies: deps.copies,
      startChild: start.start,
      mayRetry: start.mayRetry,
      callLimits: start.callLimits,
      onFault: deps.onFault,
      now: deps.now,
      awakeMs,
      onChange() {
        start.changed(entries.get(spec.key)?.serena.life.child()?.pid ?? null)
        deps.onChange()
      },
    })
    const entry = { id: `s${++count}`, serena, start, emptySinceMs: null }
    entries.set(spec.key, entry)
    return entry
  }

  async function remove({ serena }: Entry): Promise<void> {
    await serena.life.end('stopped')
    if (serena.members().length === 0) entries.delete(serena.spec.key)
    deps.onChange()
  }

  return {
    all: () => [...entries.values()],
    join(member, spec, hello) {
      const entry = entries.get(spec.key) ?? add(spec, hello)
      entry.emptySinceMs = null
      entry.serena.join(member)
      return entry.serena
    },
    leave(member, serena, isConnected) {
      serena.leave(member, isConnected)
      const entry = entries.get(serena.spec.key)
      if (entry && serena.members().length === 0) entry.emptySinceMs ??= deps.now()
    },
    tick() {
      for (const entry of [...entries.values()]) {
        entry.serena.tick()
        if (isUnused(entry, deps)) void remove(entry)
        else if (maySleep(entry, deps.now())) void entry.serena.life.end('asleep')
      }
    },
  }
}

/** Whether its last client has left long ago. A Serena of one client only ends with that client. */
function isUnused(
  { serena, emptySinceMs }: KeptEntry,
  { lingerMs, now }: Pick<SerenasDeps, 'lingerMs' | 'now'>,
): boolean {
  const keptMs = serena.spec.privateBecause === null ? lingerMs : 0
  return emptySinceMs !== null && now() - emptySinceMs >= keptMs && serena.calls.isIdle()
}

/** Whether it was not called for the time after which it sleeps. */
function maySleep({ serena, start }: Entry, nowMs: number): boolean {
  if (serena.life.state() !== 'running') return false
  const minutes = start.idleShutdownMinutes(serena.mayHaveRepl())
  const sinceMs = serena.idleSinceMs()
  return minutes !== null && sinceMs !== null && nowMs - sinceMs >= minutes * 60_000
}
