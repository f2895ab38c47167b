// The deck observes the hub: its Serenas among the instances, its changes in the history, its state for the surfaces.
import type { HistoryRecord } from '#contract/history'
import type { HubStatus } from '#contract/hub'
import type { Instance, Notice } from '#contract/instance'
import { recordOf } from '../history/history-record.ts'
import { controlHub, createHubObserver, type FindSocket, type HubObserver } from '../hub/hub-client.ts'
import { findHubSocket } from '../hub/hub-place.ts'
import type { HubService } from '../hub/hub-service.ts'
import { measuredStatus } from '../hub/measured-status.ts'
import { type StatusChange, statusChanges } from '../hub/status-changes.ts'
import { type HubView, sleeperOf } from '../instances/hub-instances.ts'
import { stateFolder } from '../os/paths.ts'
import type { DeckBase, DeckParts } from './deck-base.ts'

export interface DeckHub extends HubService {
  notices(): readonly Notice[]
  /** Calls back with the records of each change. */
  onRecords(write: WriteRecords): void
}

export interface HubParts {
  /** For the instances, which exist only later. */
  view: HubView
  /** Connects the hub with the instances. */
  connect(parts: DeckParts): DeckHub
  close(): void
}

type WriteRecords = (records: readonly HistoryRecord[]) => void

/** Creates the observer of one deck. */
export function createHubParts({ env, platform }: DeckBase): HubParts {
  const findSocket: FindSocket = () => findHubSocket(stateFolder(env, platform), platform)
  let onChange: () => void = () => undefined
  const observer = createHubObserver(findSocket, () => onChange())
  return {
    view: { current: observer.current, renew: observer.renew },
    close: observer.close,
    connect(parts) {
      const { hub, take } = createDeckHub(observer, findSocket, parts)
      onChange = take
      return hub
    },
  }
}

/** `take`: the status of the observer has changed. */
function createDeckHub(
  observer: HubObserver,
  findSocket: FindSocket,
  { instances, scheduler, notices, clock, onFault }: DeckParts,
): { hub: DeckHub; take: () => void } {
  const listeners = new Set<(hub: HubStatus | null) => void>()
  const writers = new Set<WriteRecords>()
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
    const now = observer.current()
    const changes = statusChanges(before, now)
    const list = instances.current().instances
    const records = now === null ? [] : changes.map((one) => recordOfChange(one, now, list, clock.wall()))
    if (records.length > 0) for (const write of writers) write(records)
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
    onRecords: (write) => void writers.add(write),
  }
  return { hub, take }
}

function recordOfChange(
  { event, serena, client }: StatusChange,
  hub: HubStatus,
  instances: readonly Instance[],
  atMs: number,
): HistoryRecord {
  const instance = instances.find(({ hubSerena }) => hubSerena === serena.id) ?? sleeperOf(serena, hub, [])
  const owner = client ? { name: client.name ?? 'a client', detail: client.folder } : instance.owner
  return recordOf(event, { ...instance, owner }, atMs, {
    why: whyOf(event, serena),
    // As the last scan measured it.
    ...(event === 'slept' && { freedBytes: instance.memoryBytes }),
  })
}

function whyOf(
  event: StatusChange['event'],
  { idleShutdownMinutes, fault }: StatusChange['serena'],
): string[] {
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
