// All clients and all Serenas of one user.
import { createAwakeClock } from './awake-clock.ts'
import type { ClientPort } from './client-port.ts'
import { createKeptSerenas, type Entry, type SerenasDeps } from './kept-serenas.ts'
import type { Member } from './member.ts'
import type { ClientHello } from './protocol.ts'
import { type Place, specOf } from './serena-spec.ts'
import { createSession, type Session } from './session.ts'
import type { SharedSerena } from './shared-serena.ts'

export interface HubDeps extends SerenasDeps {
  /** A message of this size has passed, from or to a client. */
  used(bytes: number): void
  /** A client has sent a request: only its calls have changed. */
  onRequest(): void
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

/** Creates a hub without clients. */
export function createHub(deps: HubDeps): Hub {
  const awake = createAwakeClock(deps.now)
  const serenas = createKeptSerenas(deps, awake.now)
  const sessions = new Set<Session>()
  let count = 0

  function move(hello: ClientHello, member: Member, place: Place, from: SharedSerena | null): SharedSerena {
    const spec = specOf(hello, place, member.id)
    if (from?.spec.key === spec.key) return from
    const serena = serenas.join(member, spec, hello)
    if (from) {
      serenas.leave(member, from, true)
      deps.onChange()
    }
    return serena
  }

  return {
    connect(hello, port) {
      const session = createSession(`c${++count}`, hello, port, {
        move: (member, place, from) => move(hello, member, place, from),
        onChange: deps.onChange,
        onRequest: deps.onRequest,
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
      for (const { serena } of serenas.all()) if (serena !== session.serena()) serena.leave(session, false)
      serenas.leave(session, session.serena(), false)
      deps.onChange()
    },
    sessions: () => [...sessions],
    serenas: serenas.all,
    isBusy: () => serenas.all().some(({ serena }) => serena.idleSinceMs() === null),
    tick() {
      awake.tick()
      serenas.tick()
    },
    async end(chosen, as) {
      await Promise.all(chosen.map(({ serena }) => serena.life.end(as)))
    },
  }
}
