// Takes over what the hub has kept for the history.
import { renameSync, unlinkSync } from 'node:fs'
import { join, resolve } from 'node:path'
import * as z from 'zod/mini'
import { HUB_EVENTS } from '#contract/history'
import { hubClientSchema, hubSerenaSchema } from '#contract/hub'
import { codeOf } from '../lib/error-code.ts'
import { parseJson } from '../lib/parse-json.ts'
import { readRegularFile } from '../os/files/read-file.ts'
import { eventFiles, type HubEvent } from './event-file.ts'

const MAX_BYTES = 2 * 1024 * 1024

const eventSchema = z.object({
  at: z.string(),
  hub: z.object({ pid: z.number(), startedAt: z.string() }),
  event: z.enum(HUB_EVENTS),
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
  const taken = [older, newer].map((file) => ({ file, moved: `${file}.taken` }))
  // First what an earlier taker has left.
  for (const { moved } of taken) if (!(await take(moved, keep))) return
  for (const { file, moved } of taken) if (hasMoved(file, moved) && !(await take(moved, keep))) return
}

/** False: they could not be kept. */
async function take(file: string, keep: (events: readonly HubEvent[]) => Promise<boolean>): Promise<boolean> {
  const read = readRegularFile(file, MAX_BYTES)
  if (read.kind === 'missing') return true
  const lines = read.kind === 'text' ? read.text.split('\n') : []
  // Without lines of another version, and incomplete ones: their writer was killed.
  const events = lines.flatMap((line) => parseJson(eventSchema, line) ?? [])
  if (events.length > 0 && !(await keep(events))) return false
  unlinkSync(file)
  return true
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
