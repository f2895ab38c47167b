// The file in which the hub keeps what happened to its Serenas and clients, until a backend takes it over into the history: a hub also
// runs while there is no backend. It appends by path, so the taker can rename the file at any time.
import { appendFileSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { HubStatus } from '#contract/hub'
import { type StatusChange, statusChanges } from './status-changes.ts'

/** Two files of this size hold about two thousand events. */
const MAX_BYTES = 512 * 1024

/** One line. */
export interface HubEvent extends StatusChange {
  /** ISO 8601. */
  at: string
  hub: Pick<HubStatus, 'pid' | 'startedAt'>
}

/** Returns the paths below the hub's folder, oldest events first. */
export const eventFiles = (folder: string): { older: string; newer: string } => ({
  older: join(folder, 'events.old.jsonl'),
  newer: join(folder, 'events.jsonl'),
})

export interface EventFile {
  /** Something has changed: writes what is new, once the current turn of the event loop is over. */
  changed(): void
}

/** `status`: the current one. A file that cannot be written is reported and stops nothing else. */
export function createEventFile(
  folder: string,
  status: () => HubStatus,
  onFault: (error: unknown) => void,
): EventFile {
  const { older, newer } = eventFiles(folder)
  let before = status()
  let isDue = false

  function write(): void {
    isDue = false
    const now = status()
    const changes = statusChanges(before, now)
    before = now
    if (changes.length === 0) return
    const { pid, startedAt } = now
    const at = new Date().toISOString()
    const events = changes.map((one): HubEvent => ({ at, hub: { pid, startedAt }, ...withoutClients(one) }))
    if ((statSync(newer, { throwIfNoEntry: false })?.size ?? 0) > MAX_BYTES) renameSync(newer, older)
    appendFileSync(newer, events.map((event) => `${JSON.stringify(event)}\n`).join(''), { mode: 0o600 })
  }

  return {
    changed() {
      if (isDue) return
      isDue = true
      setImmediate(() => {
        try {
          write()
        } catch (error) {
          onFault(error)
        }
      })
    },
  }
}

const withoutClients = (change: StatusChange): StatusChange => ({
  ...change,
  serena: { ...change.serena, clients: [] },
})
