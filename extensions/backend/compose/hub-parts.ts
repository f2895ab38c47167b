// The deck observes the hub: its Serenas among the instances, its changes in the history, its state for the surfaces.
import type { HubStatus } from '#contract/hub'
import type { Notice } from '#contract/instance'
import { controlHub, createHubObserver, type FindSocket, type HubObserver } from '../hub/hub-client.ts'
import { findHubSocket } from '../hub/hub-place.ts'
import type { HubService } from '../hub/hub-service.ts'
import { measuredStatus } from '../hub/measured-status.ts'
import { statusChanges } from '../hub/status-changes.ts'
import type { HubView } from '../instances/hub-instances.ts'
import { stateFolder } from '../os/paths.ts'
import type { DeckBase, DeckParts } from './deck-base.ts'
import { createHubHistory, type WriteRecords } from './hub-history.ts'

export interface DeckHub extends HubService {
  notices(): readonly Notice[]
  /**
   * Writes what the hub has done since the last time, also while no backend was running; from here on also what it does. Resolves once
   * the past is written. `write` resolves to false if it failed.
   */
  keepHistory(write: WriteRecords): Promise<void>
}

export interface HubParts {
  /** For the instances, which exist only later. */
  view: HubView
  /** Connects the hub with the instances. */
  connect(parts: DeckParts): DeckHub
  close(): void
}

/** Creates the observer of one deck. */
export function createHubParts({ env, platform }: DeckBase): HubParts {
  const folder = stateFolder(env, platform)
  const findSocket: FindSocket = () => findHubSocket(folder, platform)
  let onChange: () => void = () => undefined
  const observer = createHubObserver(findSocket, () => onChange())
  return {
    view: { current: observer.current, renew: observer.renew },
    close: observer.close,
    connect(parts) {
      const { hub, take } = createDeckHub(observer, { findSocket, folder }, parts)
      onChange = take
      return hub
    },
  }
}

/** `take`: the status of the observer has changed. */
function createDeckHub(
  observer: HubObserver,
  { findSocket, folder }: { findSocket: FindSocket; folder: string },
  { instances, scheduler, notices, onFault }: DeckParts,
): { hub: DeckHub; take: () => void } {
  const listeners = new Set<(hub: HubStatus | null) => void>()
  const history = createHubHistory({
    folder,
    current: observer.current,
    instances: () => instances.current().instances,
    onFault,
  })
  let before: HubStatus | null = null
  let sent = 'null'

  const current = (): HubStatus | null => {
    const status = observer.current()
    return status && measuredStatus(status, instances.current().instances)
  }
  function publish(): void {
    const hub = current()
    const text = JSON.stringify(hub)
    if (text === sent) return
    sent = text
    for (const listener of listeners) listener(hub)
  }
  function take(): void {
    history.take()
    const now = observer.current()
    const changes = statusChanges(before, now)
    // The program of a client that joined, and the process of a Serena that started, are found by a scan.
    if (changes.some(({ event }) => event === 'joined' || event === 'woke'))
      scheduler.scanNow().catch(onFault)
    before = now
    instances.refresh()
    notices.changed()
    publish()
  }
  instances.subscribe(publish)
  const hub: DeckHub = {
    current,
    async status() {
      await observer.renew()
      return current()
    },
    subscribe(onStatus) {
      listeners.add(onStatus)
      return () => listeners.delete(onStatus)
    },
    control: (change) => controlHub(findSocket, change),
    notices: () => noticesOf(observer.current(), observer.problem()),
    keepHistory: history.keep,
  }
  return { hub, take }
}

function noticesOf(hub: HubStatus | null, problem: string | null): Notice[] {
  const failed = (hub?.serenas ?? []).flatMap(({ id, state, fault, project }): Notice[] =>
    state === 'failed'
      ? [
          {
            id: `hub:${id}`,
            level: 'warning',
            text: `The hub cannot run ${project?.name ?? id}: ${fault ?? ''}`,
          },
        ]
      : [],
  )
  return problem === null ? failed : [{ id: 'hub', level: 'warning', text: problem }, ...failed]
}
