// The parsed text of one file -> its entries for one client. Pure, but for the other settings of the client.
import type { ConfigClient, ConfigPlace, Surroundings } from './config-client.ts'
import type { ConfigEntry } from './config-entry.ts'
import type { ParsedConfig } from './parsed-config.ts'
import { valueAt } from './plain-values.ts'
import { entriesIn, type FoundEntry, factsOf } from './read-entry.ts'

export interface FileEntries {
  entries: ConfigEntry[]
  /** Why a part of it could not be read; null: all of it was. */
  reason: string | null
}

/** Returns the servers of the file that start a program or connect to a URL. */
export const entriesOfFile = (
  client: ConfigClient,
  place: ConfigPlace,
  parsed: ParsedConfig,
  where: Surroundings,
): FileEntries => ({
  entries: entriesIn(parsed.value, place.lists).map((found) => toEntry(client, place, found, parsed, where)),
  reason: wrongList(place, parsed.value),
})

function toEntry(
  client: ConfigClient,
  place: ConfigPlace,
  found: FoundEntry,
  { lineOf }: ParsedConfig,
  where: Surroundings,
): ConfigEntry {
  const { path, name, value, list, scope, project } = found
  const entry: ConfigEntry = {
    client: client.id,
    scope: scope ?? place.scope,
    file: place.file,
    format: place.format,
    path,
    name: `${place.prefix ?? ''}${name}`,
    line: lineOf(path),
    project: project ?? place.project,
    ...factsOf(value),
    ...(place.isOldPlace ? { isOldPlace: true } : {}),
    ...(place.owner === undefined ? {} : { owner: place.owner }),
  }
  const ignored = place.ignored ?? list.ignored ?? client.ignores(entry, value)
  const decision = entry.enabled === false ? null : client.decide(entry, where)
  return { ...entry, ...(decision ?? {}), ...(ignored === null ? {} : { ignored }) }
}

/** A list of servers that is neither a map nor a list. */
function wrongList({ lists }: ConfigPlace, value: unknown): string | null {
  const wrong = lists.find(({ keys, ignored }) => {
    if (ignored !== undefined || keys.includes('*') || keys.length === 0) return false
    const found = valueAt(value, keys)
    return found !== undefined && found !== null && typeof found !== 'object'
  })
  return wrong ? `"${wrong.keys.join('.')}" is not a list of servers.` : null
}
