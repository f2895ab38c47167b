// When a wrapped Serena has lost its client, and how it is ended, then or on request: its input is closed at once, SIGTERM at 2 s, its
// whole tree at 4 s. Pure but for what it is given. The exit of a presumed client is a reason to look; the proof is that our output has
// no reader any more. A silent client is never taken for one that has exited.

export const TERMINATE_AFTER_MS = 2_000
export const FORCE_AFTER_MS = 4_000
/** Where nothing can be proven: a launcher that exits while the client is running may have been of no use any more. */
export const LAUNCHER_SILENCE_MS = 60_000
/** Where no client is known that could exit: silence for so long is a reason to look. */
export const UNKNOWN_CLIENT_SILENCE_MS = 60_000

export interface Watched {
  isGone(): boolean
}

export interface GuardDeps {
  /** Null: no process is known that could be it. */
  client: Watched | null
  launchers: readonly Watched[]
  /** Whether our output has a reader: false only where that is proven; null where the platform cannot say. */
  hasReader(): boolean | null
  /** Monotonic milliseconds. */
  now(): number
  /** When the client last said something, by the same clock. */
  lastHeardAtMs(): number
  closeInput(): void
  terminate(): void
  force(): void
}

export interface ClientGuard {
  /** To be called twice a second or so. */
  tick(): void
  /** Ends it though the client is running. */
  end(): void
  /** The client was found to have left, or an end was requested. */
  isEnding(): boolean
}

/** A guard of one wrapped Serena. */
export function createClientGuard(deps: GuardDeps): ClientGuard {
  let launchers = deps.launchers
  let launcherLostAtMs: number | null = null
  let endingSinceMs: number | null = null
  let steps = [
    { afterMs: 0, act: deps.closeInput },
    { afterMs: TERMINATE_AFTER_MS, act: deps.terminate },
    { afterMs: FORCE_AFTER_MS, act: deps.force },
  ]

  function hasClientLeft(nowMs: number): boolean {
    const isClientGone = deps.client?.isGone() ?? false
    const isLauncherGone = launchers.some((one) => one.isGone())
    const isSilent = deps.client === null && nowMs - deps.lastHeardAtMs() >= UNKNOWN_CLIENT_SILENCE_MS
    if (!isClientGone && !isLauncherGone && !isSilent) return false
    const hasReader = deps.hasReader()
    if (hasReader !== null) return !hasReader
    return isClientGone || (isLauncherGone && isLauncherMissed(nowMs))
  }

  /** The inference for platforms without proof. */
  function isLauncherMissed(nowMs: number): boolean {
    launcherLostAtMs ??= nowMs
    if (deps.lastHeardAtMs() > launcherLostAtMs) {
      // It goes on without that one.
      launchers = launchers.filter((one) => !one.isGone())
      launcherLostAtMs = null
      return false
    }
    return nowMs - launcherLostAtMs >= LAUNCHER_SILENCE_MS
  }

  function tick(): void {
    const nowMs = deps.now()
    if (endingSinceMs === null && hasClientLeft(nowMs)) endingSinceMs = nowMs
    if (endingSinceMs !== null) act(nowMs - endingSinceMs)
  }

  function act(sinceMs: number): void {
    const due = steps.filter(({ afterMs }) => sinceMs >= afterMs)
    steps = steps.filter(({ afterMs }) => sinceMs < afterMs)
    for (const step of due) step.act()
  }

  return {
    tick,
    end() {
      endingSinceMs ??= deps.now()
      tick()
    },
    isEnding: () => endingSinceMs !== null,
  }
}
