// Opens the page when an instance starts, once: not while any page of ours is connected, and not again while the one that was
// opened a moment ago is still on its way.

/** A browser that is started first, on a busy machine, needs this long until its page is connected. */
const ON_ITS_WAY_MS = 20_000

export interface OpenOnceDeps {
  /** Whether somebody has a page of ours open, in any window. */
  isPageConnected: () => boolean
  /** Opens the page with that instance's tab. */
  open: (instanceId: string) => Promise<unknown>
  /** Monotonic. */
  nowMs: () => number
  onFault: (error: unknown) => void
}

/** What the settings of a home say about opening. */
export interface OpeningRules {
  /** `web_dashboard_global` */
  isGlobal: boolean
  /** `web_dashboard_global_open_on_launch`, else our own setting; null: nobody says. */
  opens: boolean | null
}

export interface Arrival {
  instanceId: string
  rules: OpeningRules
  /** What the instance itself asked for when it registered (Serena's `open_viewer`); null: it did not register itself. */
  opensViewer: boolean | null
}

/** Whether an arrival opens the page, pages that are open already aside. Pure. */
export function isOpeningWanted({
  rules: { isGlobal, opens },
  opensViewer,
}: Omit<Arrival, 'instanceId'>): boolean {
  // Who registers itself opens nothing of its own: what it would have opened is ours to open.
  if (opensViewer !== null) return opens ?? opensViewer
  return isGlobal && opens === true
}

export interface OpenOnce {
  /** A page of ours is about to be connected: the person has just asked for one. */
  expectPage(): void
  /** False: nobody wants the page opened for it. True: it is open, is being opened, or was a moment ago. */
  arrived(arrival: Arrival): boolean
}

/** The opener of one backend. */
export function createOpenOnce({ isPageConnected, open, nowMs, onFault }: OpenOnceDeps): OpenOnce {
  let openedAtMs = Number.NEGATIVE_INFINITY
  return {
    expectPage() {
      openedAtMs = nowMs()
    },
    arrived(arrival) {
      if (!isOpeningWanted(arrival)) return false
      if (isPageConnected() || nowMs() - openedAtMs < ON_ITS_WAY_MS) return true
      openedAtMs = nowMs()
      open(arrival.instanceId).catch(onFault)
      return true
    },
  }
}
