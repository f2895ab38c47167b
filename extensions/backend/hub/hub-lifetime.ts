// When the hub ends by itself. Pure, apart from its clock.

export interface HubLifetime {
  /** It is to end as soon as no call is running. */
  retire(): void
  /** Returns whether it ends now. Call it about twice a second. */
  isOver(state: HubUse): boolean
}

export interface HubUse {
  /** It has clients, or its URL is on. */
  isUsed: boolean
  /** The file of its socket is another one: clients find another hub. */
  isReplaced: boolean
  /** Whether a call is running or waiting. */
  isBusy(): boolean
}

/** Creates the lifetime of a hub, which ends `emptyMs` after its last use. `now`: monotonic milliseconds. */
export function createHubLifetime(emptyMs: number, now: () => number): HubLifetime {
  let usedAtMs = now()
  let isRetiring = false
  return {
    retire() {
      isRetiring = true
    },
    isOver({ isUsed, isReplaced, isBusy }) {
      if (isUsed) usedAtMs = now()
      return ((isRetiring || isReplaced) && !isBusy()) || now() - usedAtMs >= emptyMs
    },
  }
}
