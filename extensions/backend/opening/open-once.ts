// Opens the page once when an instance starts: not while a page is connected, and not again while the page that was opened is still
// loading.

/** On a busy machine a browser needs this long to start and to connect its page. */
const LOADING_MS = 20_000

export interface OpenOnceDeps {
  /** Whether any page is connected. */
  isPageConnected: () => boolean
  /** Opens the page with that instance's tab. */
  open: (instanceId: string) => Promise<unknown>
  /** Monotonic. */
  nowMs: () => number
  onFault: (error: unknown) => void
}

/** The settings for opening. */
export interface OpeningRules {
  /** `web_dashboard_global` */
  isGlobal: boolean
  /** `web_dashboard_global_open_on_launch`, else our own setting; null: not set. */
  opens: boolean | null
}

export interface StartedInstance {
  instanceId: string
  rules: OpeningRules
  /** What the instance requested when it registered (Serena's `open_viewer`); null: it did not register. */
  opensViewer: boolean | null
}

/** Returns whether an instance opens the page, apart from pages that are open already. Pure. */
export function isOpeningWanted({
  rules: { isGlobal, opens },
  opensViewer,
}: Omit<StartedInstance, 'instanceId'>): boolean {
  // An instance that registers opens no viewer itself: Serena Deck opens it instead.
  if (opensViewer !== null) return opens ?? opensViewer
  return isGlobal && opens === true
}

export interface OpenOnce {
  /** A page will connect soon: the user has just requested it. */
  expectPage(): void
  /** False: the settings do not open the page for it. True: the page is open, is being opened, or was opened a moment ago. */
  instanceStarted(startedInstance: StartedInstance): boolean
}

/** Creates the opener of one backend. */
export function createOpenOnce({ isPageConnected, open, nowMs, onFault }: OpenOnceDeps): OpenOnce {
  let openedAtMs = Number.NEGATIVE_INFINITY
  return {
    expectPage() {
      openedAtMs = nowMs()
    },
    instanceStarted(startedInstance) {
      if (!isOpeningWanted(startedInstance)) return false
      if (isPageConnected() || nowMs() - openedAtMs < LOADING_MS) return true
      openedAtMs = nowMs()
      open(startedInstance.instanceId).catch(onFault)
      return true
    },
  }
}
