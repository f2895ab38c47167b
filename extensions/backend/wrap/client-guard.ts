// Decides when a wrapped Serena has lost its client. Pure, apart from the functions it is given. The exit of a presumed client is a reason to check; the proof
// is that our output has no reader. A silent client never counts as exited.

/** Without proof: a launcher may exit while the client is running. */
export const LAUNCHER_SILENCE_MS = 60_000
/** Without a known client: silence for this time is a reason to check. */
export const UNKNOWN_CLIENT_SILENCE_MS = 60_000

export interface Watched {
  hasExited(): boolean
}

export interface GuardDeps {
  /** Null: not known. */
  client: Watched | null
  launchers: readonly Watched[]
  /** Whether our output has a reader: false only with proof; null: the platform cannot prove it. */
  hasReader(): boolean | null
  /** Monotonic milliseconds. */
  now(): number
  /** Time of the last input of the client, by the same clock. */
  lastHeardAtMs(): number
  /** Ends it; called once. */
  end(): void
}

export interface ClientGuard {
  /** Call it about twice a second. */
  tick(): void
  /** Ends it while the client is running. */
  end(): void
  /** The client has exited, or an end was requested. */
  isEnding(): boolean
}

/** Creates a guard of one wrapped Serena. */
export function createClientGuard(deps: GuardDeps): ClientGuard {
  let launchers = deps.launchers
  let launcherLostAtMs: number | null = null
  let isEnding = false

  function hasClientLeft(nowMs: number): boolean {
    const hasClientExited = deps.client?.hasExited() ?? false
    const hasLauncherExited = launchers.some((one) => one.hasExited())
    const isSilent = deps.client === null && nowMs - deps.lastHeardAtMs() >= UNKNOWN_CLIENT_SILENCE_MS
    if (!hasClientExited && !hasLauncherExited && !isSilent) return false
    const hasReader = deps.hasReader()
    if (hasReader !== null) return !hasReader
    return hasClientExited || (hasLauncherExited && isLauncherMissed(nowMs))
  }

  /** For platforms without proof. */
  function isLauncherMissed(nowMs: number): boolean {
    launcherLostAtMs ??= nowMs
    if (deps.lastHeardAtMs() > launcherLostAtMs) {
      // The client continues without that launcher.
      launchers = launchers.filter((one) => !one.hasExited())
      launcherLostAtMs = null
      return false
    }
    return nowMs - launcherLostAtMs >= LAUNCHER_SILENCE_MS
  }

  function tick(): void {
    if (!isEnding && hasClientLeft(deps.now())) end()
  }

  function end(): void {
    if (isEnding) return
    isEnding = true
    deps.end()
  }

  return {
    tick,
    end,
    isEnding: () => isEnding,
  }
}
