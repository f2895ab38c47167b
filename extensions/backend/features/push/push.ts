// What is done about hints: nothing is shown, asked or ended until the pid of a hint is shown to own its port. A hint only makes
// us look sooner.

import { type Receiver, startReceiver } from './receiver.ts'
import type { Hint } from './tray-protocol.ts'

/** Serena says that it is there a moment before its port can be seen. */
const LOOK_AGAIN_MS = [0, 150, 300, 600, 1_200, 2_400]
/** After it said that it ends, until its process is gone. */
const END_MS = [0, 300, 1_000, 3_000]
/** Hints that wait at most: one per instance is normal, thousands are noise. */
const MAX_WAITING = 64
const SWITCH_MS = 2_000

export interface PushDeps {
  /** Where Serena looks for its tray manager. */
  port: number
  isWanted: () => boolean
  /** Looks at everything, in a round that begins after the call. */
  look: () => Promise<unknown>
  /** The identity of the instance with that pid, if it owns that port; null: it does not (yet). */
  identityOf: (pid: number, port: number) => string | null
  /** The instances with that port, by the last look: several addresses may have the same one, and Serena names no address. */
  ownersOf: (port: number) => readonly string[]
  lives: (identity: string) => boolean
  /** Asks its dashboard now, whether that is due or not. */
  ask: (identity: string) => Promise<unknown>
  /** An instance has proven that it registered itself. */
  onRegistered: (identity: string, opensViewer: boolean) => void
  onFault: (error: unknown) => void
}

export type PushState =
  /** Not wanted. */
  | 'off'
  | 'listening'
  /** Wanted, but somebody else listens there: a real tray manager, left alone. */
  | 'taken'

export interface Push {
  start(): void
  state(): PushState
  /** Where Serena looks for its tray manager. */
  readonly port: number
  /** True for instances that registered themselves, and have proven it. */
  isRegistered(identity: string): boolean
  /** Switches on or off now, when a setting has changed. */
  renew(): Promise<void>
  close(): Promise<void>
}

/** The push of one backend. */
export function createPush(deps: PushDeps): Push {
  const registered = new Set<string>()
  const waiting = new Set<string>()
  let receiver: Receiver | null = null
  let state: PushState = 'off'
  let timer: ReturnType<typeof setInterval> | null = null
  let isClosed = false
  let switching: Promise<void> = Promise.resolve()

  function take(hint: Hint): void {
    const key = hint.kind === 'register' ? `register:${hint.pid}:${hint.port}` : `${hint.kind}:${hint.port}`
    if (waiting.has(key) || waiting.size >= MAX_WAITING) return
    waiting.add(key)
    handle(hint)
      .catch(deps.onFault)
      .finally(() => waiting.delete(key))
  }

  async function handle(hint: Hint): Promise<void> {
    if (hint.kind === 'register') return takeRegistration(hint.pid, hint.port, hint.opensViewer)
    if (hint.kind === 'update') return takeUpdate(hint.port)
    for (const delayMs of END_MS) {
      await pause(delayMs)
      if (isClosed || deps.ownersOf(hint.port).length === 0) return
      await deps.look()
    }
  }

  async function takeRegistration(pid: number, port: number, opensViewer: boolean): Promise<void> {
    for (const delayMs of LOOK_AGAIN_MS) {
      await pause(delayMs)
      if (isClosed) return
      await deps.look()
      const identity = deps.identityOf(pid, port)
      if (identity === null) continue
      const isNew = !registered.has(identity)
      registered.add(identity)
      await deps.ask(identity)
      if (isNew) deps.onRegistered(identity, opensViewer)
      return
    }
  }

  async function takeUpdate(port: number): Promise<void> {
    await Promise.all(deps.ownersOf(port).map((identity) => deps.ask(identity)))
  }

  async function switchTo(isWanted: boolean): Promise<void> {
    if (isWanted && receiver === null) {
      receiver = await startReceiver(deps.port, take)
      state = receiver ? 'listening' : 'taken'
    } else if (!isWanted) {
      const before = receiver
      receiver = null
      state = 'off'
      await before?.close()
    }
  }

  const renew = (): Promise<void> => {
    for (const identity of registered) if (!deps.lives(identity)) registered.delete(identity)
    switching = switching.then(() => switchTo(!isClosed && deps.isWanted())).catch(deps.onFault)
    return switching
  }

  return {
    start() {
      void renew()
      timer ??= setInterval(() => void renew(), SWITCH_MS)
      timer.unref()
    },
    state: () => state,
    port: deps.port,
    isRegistered: (identity) => registered.has(identity),
    renew,
    async close() {
      isClosed = true
      if (timer) clearInterval(timer)
      await renew()
    },
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
