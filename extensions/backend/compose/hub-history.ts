// What the hub has kept about its Serenas and clients -> records of the history.
import type { HistoryRecord } from '#contract/history'
import type { HubStatus } from '#contract/hub'
import type { Instance } from '#contract/instance'
import { recordOf } from '../history/history-record.ts'
import type { HubEvent } from '../hub/event-file.ts'
import { takeHubEvents } from '../hub/take-events.ts'
import { sleeperOf } from '../instances/hub-instances.ts'

/** Resolves to false if they could not be written. */
export type WriteRecords = (records: readonly HistoryRecord[]) => Promise<boolean>

export interface HubHistory {
  /** Takes what there is, and from here on with each `take`. Resolves once what there is was written. */
  keep(write: WriteRecords): Promise<void>
  /** The hub may have kept more. */
  take(): void
}

export interface HubHistoryDeps {
  /** Our state folder. */
  folder: string
  current: () => HubStatus | null
  instances: () => readonly Instance[]
  onFault: (error: unknown) => void
}

/** Creates a history that takes nothing before `keep`. */
export function createHubHistory({ folder, current, instances, onFault }: HubHistoryDeps): HubHistory {
  let taking: Promise<void> | null = null
  let takeOnce = (): Promise<void> => Promise.resolve()
  /** One after the other. */
  const next = (): Promise<void> => (taking = (taking ?? Promise.resolve()).then(takeOnce).catch(onFault))
  return {
    keep(write) {
      const record = (event: HubEvent): HistoryRecord => recordOfEvent(event, current(), instances())
      takeOnce = () => takeHubEvents(folder, (events) => write(events.map(record)))
      return next()
    },
    take() {
      if (taking !== null) void next()
    },
  }
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
