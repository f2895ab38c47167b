// Takes over what the hub has kept for the history.
import { renameSync, unlinkSync } from 'node:fs'
import { join, resolve } from 'node:path'
import * as z from 'zod/mini'
import { hubClientSchema, hubSerenaSchema } from '#contract/hub'
import { codeOf } from '../lib/error-code.ts'
import { readRegularFile } from '../os/files/read-file.ts'
import { eventFiles, type HubEvent } from './event-file.ts'
import { STATUS_EVENTS } from './status-changes.ts'

const MAX_BYTES = 2 * 1024 * 1024

const eventSchema = z.object({
  at: z.string(),
  hub: z.object({ pid: z.number(), startedAt: z.string() }),
  event: z.enum(STATUS_EVENTS),
  serena: hubSerenaSchema,
  client: z.nullable(hubClientSchema),
})

/**
 * Gives the events that were not taken yet to `keep`, oldest first, and removes them when it resolves to true. One call at a time.
 * Events of a taker that was killed are given again: twice is better than never.
 */
export async function takeHubEvents(
  stateFolder: string,
  keep: (events: readonly HubEvent[]) => Promise<boolean>,
): Promise<void> {
  const { older, newer } = eventFiles(join(resolve(stateFolder), 'hub'))
  for (const file of [older, newer]) {
    const taken = `${file}.taken`
    for (const isLeftover of [true, false]) {
      if (!isLeftover && !hasMoved(file, taken)) continue
      const read = readRegularFile(taken, MAX_BYTES)
      if (read.kind === 'missing') continue
      const events = read.kind === 'text' ? read.text.split('\n').flatMap(parseEvent) : []
      if (events.length > 0 && !(await keep(events))) return
      unlinkSync(taken)
    }
  }
}

/** False: there is none. */
function hasMoved(from: string, to: string): boolean {
  try {
    renameSync(from, to)
    return true
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false
    throw error
  }
}

/** Lines of another version, and incomplete ones, are left out. */
function parseEvent(line: string): HubEvent[] {
  if (line === '') return []
  try {
    const read = z.safeParse(eventSchema, JSON.parse(line))
    return read.success ? [read.data] : []
  } catch {
    // Its writer was killed while writing.
    return []
  }
}
