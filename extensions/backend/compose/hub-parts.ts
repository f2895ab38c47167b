// The deck observes the hub: its Serenas among the instances, its changes in the history, its state for the surfaces.
import type { HistoryRecord } from '#contract/history'
import type { HubStatus } from '#contract/hub'
import type { Instance, Notice } from '#contract/instance'
import { recordOf } from '../history/history-record.ts'
import type { HubEvent } from '../hub/event-file.ts'
import { controlHub, createHubObserver, type FindSocket, type HubObserver } from '../hub/hub-client.ts'
import { findHubSocket } from '../hub/hub-place.ts'
import type { HubService } from '../hub/hub-service.ts'
import { measuredStatus } from '../hub/measured-status.ts'
import { statusChanges } from '../hub/status-changes.ts'
import { takeHubEvents } from '../hub/take-events.ts'
import { type HubView, sleeperOf } from '../instances/hub-instances.ts'
import { stateFolder } from '../os/paths.ts'
import type { DeckBase, DeckParts } from './deck-base.ts'

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

type WriteRecords = (records: readonly HistoryRecord[]) => Promise<boolean>

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
  let write: WriteRecords | null = null
  let taking: Promise<void> = Promise.resolve()
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
  /** One after the other. */
  function takeEvents(): Promise<void> {
    const keep = write
    if (keep === null) return taking
    const list = (): readonly Instance[] => instances.current().instances
    const record = (event: HubEvent): HistoryRecord => recordOfEvent(event, observer.current(), list())
    taking = taking.then(() => takeHubEvents(folder, (events) => keep(events.map(record)))).catch(onFault)
    return taking
  }
  function take(): void {
    void takeEvents()
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
    keepHistory(given) {
      write = given
      return takeEvents()
    },
  }
  return { hub, take }
}

/** As the instance is listed now; an event of an earlier hub is about a Serena that is no longer there. */
function recordOfEvent(
  { at, hub, event, serena, client }: HubEvent,
  current: HubStatus | null,
  instances: readonly Instance[],
): HistoryRecord {
  const isCurrent = current?.pid === hub.pid && current.startedAt === hub.startedAt
  const listed = isCurrent ? instances.find(({ hubSerena }) => hubSerena === serena.id) : undefined
  const instance = listed ?? sleeperOf(serena, hub, [])
  const owner = client ? { name: client.name ?? 'a client', detail: client.folder } : instance.owner
  return recordOf(event, { ...instance, owner }, Date.parse(at), {
    why: whyOf(event, serena),
    // As the last scan measured it.
    ...(event === 'slept' && { freedBytes: instance.memoryBytes }),
  })
}

function whyOf(event: HubEvent['event'], { idleShutdownMinutes, fault }: HubEvent['serena']): string[] {
  if (event === 'slept' && idleShutdownMinutes !== null)
    return [`No tool was called for ${idleShutdownMinutes} min.`]
  return event === 'crashed' && fault !== null ? [fault] : []
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
