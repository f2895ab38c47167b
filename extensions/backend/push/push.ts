// Handles the hints of Serenas: nothing is shown, probed or ended until the pid of a hint is proven to own its port. A hint only causes an
// earlier scan.

import { type Receiver, startReceiver } from './receiver.ts'
import type { Hint } from './tray-protocol.ts'

/** Delays before each scan: Serena registers a moment before its port is visible. */
const RESCAN_MS = [0, 150, 300, 600, 1_200, 2_400]
/** Delays before each scan after it unregistered, until its process has exited. */
const END_MS = [0, 300, 1_000, 3_000]
/** Pending hints at most: one per instance is normal. */
const MAX_WAITING = 64
const SWITCH_MS = 2_000

export interface PushDeps {
  /** The port where Serena expects its tray manager. */
  port: number
  isWanted: () => boolean
  /** Runs a scan that begins after the call. */
  scan: () => Promise<unknown>
  /** The identity of the instance with that pid, if it owns that port; null: it does not (yet). */
  identityOf: (pid: number, port: number) => string | null
  /** The instances with that port, by the last scan: several addresses may have the same one, and Serena sends no address. */
  ownersOf: (port: number) => readonly string[]
  isRunning: (identity: string) => boolean
  /** Probes its dashboard now, even if no probe is due. */
  probe: (identity: string) => Promise<unknown>
  /** An instance has proven that it registered itself. */
  onRegistered: (identity: string, opensViewer: boolean) => void
  onFault: (error: unknown) => void
}

export type PushState =
  /** Not wanted. */
  | 'off'
  | 'listening'
  /** Wanted, but another program, such as a real tray manager, uses the port. */
  | 'taken'

export interface Push {
  start(): void
  state(): PushState
  /** The port where Serena expects its tray manager. */
  readonly port: number
  /** True for instances whose registration is proven. */
  isRegistered(identity: string): boolean
  /** Switches on or off now, after a change of a setting. */
  renew(): Promise<void>
  close(): Promise<void>
}

/** Creates the push of one backend. */
export function createPush(deps: PushDeps): Push {
  const registered = new Set<string>()
  const receiver = createSwitchedReceiver(deps.port, createHintQueue(deps, registered), deps.onFault)
  let timer: ReturnType<typeof setInterval> | null = null

  const renew = (): Promise<void> => {
    for (const identity of registered) if (!deps.isRunning(identity)) registered.delete(identity)
    return receiver.set(deps.isWanted)
  }

  return {
    start() {
      void renew()
      timer ??= setInterval(() => void renew(), SWITCH_MS)
      timer.unref()
    },
    state: receiver.state,
    port: deps.port,
    isRegistered: (identity) => registered.has(identity),
    renew,
    async close() {
      if (timer) clearInterval(timer)
      await receiver.close()
    },
  }
}

/** Returns a function that handles hints: each one once at a time, with a limit on concurrent ones. */
function createHintQueue(
  deps: PushDeps,
  registered: Set<string>,
): (hint: Hint, isClosed: () => boolean) => void {
  const waiting = new Set<string>()
  return (hint, isClosed) => {
    const key = hint.kind === 'register' ? `register:${hint.pid}:${hint.port}` : `${hint.kind}:${hint.port}`
    if (waiting.has(key) || waiting.size >= MAX_WAITING) return
    waiting.add(key)
    handleHint(deps, registered, hint, isClosed)
      .catch(deps.onFault)
      .finally(() => waiting.delete(key))
  }
}

async function handleHint(
  deps: PushDeps,
  registered: Set<string>,
  hint: Hint,
  isClosed: () => boolean,
): Promise<void> {
  if (hint.kind === 'update') {
    await Promise.all(deps.ownersOf(hint.port).map((identity) => deps.probe(identity)))
    return
  }
  if (hint.kind === 'register') return takeRegistration(deps, registered, hint, isClosed)
  for (const delayMs of END_MS) {
    await pause(delayMs)
    if (isClosed() || deps.ownersOf(hint.port).length === 0) return
    await deps.scan()
  }
}

async function takeRegistration(
  deps: PushDeps,
  registered: Set<string>,
  { pid, port, opensViewer }: Extract<Hint, { kind: 'register' }>,
  isClosed: () => boolean,
): Promise<void> {
  for (const delayMs of RESCAN_MS) {
    await pause(delayMs)
    if (isClosed()) return
    await deps.scan()
    const identity = deps.identityOf(pid, port)
    if (identity === null) continue
    const isNew = !registered.has(identity)
    registered.add(identity)
    await deps.probe(identity)
    if (isNew) deps.onRegistered(identity, opensViewer)
    return
  }
}

/** A receiver that is switched on and off, one change after the other. */
function createSwitchedReceiver(
  port: number,
  onHint: (hint: Hint, isClosed: () => boolean) => void,
  onFault: (error: unknown) => void,
) {
  let receiver: Receiver | null = null
  let state: PushState = 'off'
  let isClosed = false
  let switching: Promise<void> = Promise.resolve()

  async function change(isWanted: boolean): Promise<void> {
    if (isWanted && receiver === null) {
      receiver = await startReceiver(port, (hint) => onHint(hint, () => isClosed))
      state = receiver ? 'listening' : 'taken'
    } else if (!isWanted) {
      const before = receiver
      receiver = null
      state = 'off'
      await before?.close()
    }
  }

  const set = (isWanted: () => boolean): Promise<void> => {
    switching = switching.then(() => change(!isClosed && isWanted())).catch(onFault)
    return switching
  }

  return {
    state: () => state,
    set,
    close() {
      isClosed = true
      return set(() => false)
    },
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
