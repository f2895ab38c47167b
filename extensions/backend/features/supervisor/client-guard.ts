// Whether the client is gone, and how a Serena is ended, then or when it is told: its input is closed at once, SIGTERM at 2 s, its
// whole tree at 4 s. Pure but for what it is given; nothing is judged by the clock alone, so a silent client is never taken for a
// gone one.

export const TERMINATE_AFTER_MS = 2_000
export const FORCE_AFTER_MS = 4_000
/** A launcher that ends while the client lives may have been of no use any more: somebody who speaks proves it. */
export const LAUNCHER_SILENCE_MS = 60_000

export interface Watched {
  isGone(): boolean
}

export interface GuardDeps {
  client: Watched
  launchers: readonly Watched[]
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
  /** Ends it though the client lives. */
  end(): void
  /** The client was found to be gone, or the end was told. */
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

  function isClientGone(nowMs: number): boolean {
    if (deps.client.isGone()) return true
    launcherLostAtMs ??= launchers.some((one) => one.isGone()) ? nowMs : null
    if (launcherLostAtMs === null) return false
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
    if (endingSinceMs === null && isClientGone(nowMs)) endingSinceMs = nowMs
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
