// The connected clients over HTTP: those that are not used leave the hub, because many never say that they have exited.
import type { HttpClient } from './http-client.ts'

export interface LiveClients<One extends LiveClient> {
  /** Counts as used now. When there are too many, the longest unused one leaves. */
  add(key: string, one: One): void
  /** Returns one and counts it as used; null: it is not connected. */
  use(key: string): One | null
  /** The hub has closed it. */
  remove(key: string): void
  /** Disconnects it. */
  close(key: string): void
  /** Call it about every second: those that are not used leave. */
  tick(): void
  closeAll(): void
}

export interface LiveClient {
  client: Pick<HttpClient, 'hasListener' | 'isIdle' | 'close'>
}

export interface LiveDeps {
  /** A client without open responses leaves after this time. */
  idleMs: number
  most: number
  /** Monotonic milliseconds. */
  now(): number
}

interface Entry<One> {
  one: One
  usedAtMs: number
  /** Its event stream was open: when it closes, the client has probably exited. */
  hadListener: boolean
}

/** After its event stream has closed. */
const LEFT_MS = 60_000
const CLOSED = 'This client was closed.'

/** Creates none. */
export function createLiveClients<One extends LiveClient>({ idleMs, most, now }: LiveDeps): LiveClients<One> {
  const live = new Map<string, Entry<One>>()

  function touch(entry: Entry<One>): void {
    entry.usedAtMs = now()
    if (entry.one.client.hasListener()) entry.hadListener = true
  }

  function close(key: string): void {
    const entry = live.get(key)
    live.delete(key)
    entry?.one.client.close(CLOSED)
  }

  function makeRoom(): void {
    if (live.size < most) return
    const idle = [...live].filter(([, { one }]) => one.client.isIdle())
    const [oldest] = idle.toSorted(([, a], [, b]) => a.usedAtMs - b.usedAtMs)
    if (oldest) close(oldest[0])
  }

  function isLeft(entry: Entry<One>): boolean {
    if (!entry.one.client.isIdle()) {
      touch(entry)
      return false
    }
    return now() - entry.usedAtMs >= (entry.hadListener ? Math.min(LEFT_MS, idleMs) : idleMs)
  }

  return {
    add(key, one) {
      makeRoom()
      live.set(key, { one, usedAtMs: now(), hadListener: false })
    },
    use(key) {
      const entry = live.get(key)
      if (entry) touch(entry)
      return entry?.one ?? null
    },
    remove: (key) => void live.delete(key),
    close,
    tick() {
      for (const [key, entry] of live) if (isLeft(entry)) close(key)
    },
    closeAll() {
      for (const key of [...live.keys()]) close(key)
    },
  }
}
