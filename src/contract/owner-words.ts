// The owner of an instance as one line. Pure, and the only place that spells it.
import type { Instance } from './instance.ts'
import { countOf } from './units.ts'

type Owner = Pick<NonNullable<Instance['owner']>, 'name' | 'detail'>

/** `Claude Code in ~/shop, terminal 3, since 14:02`; where no folder is known `Claude Code, since 14:02`. */
export function ownerWords({ name, detail }: Owner): string {
  if (detail === null || detail === '') return name
  return isFolder(detail) ? `${name} in ${detail}` : `${name}, ${detail}`
}

/** The same without the time, for narrow places: `Claude Code in ~/shop, terminal 3`. */
export function briefOwnerWords({ name, detail }: Owner): string {
  return ownerWords({ name, detail: detail?.replace(/(^|, )since [^,]*$/, '') ?? null })
}

/** `http, 2 clients: Codex CLI, Claude Code`; of those that are called alike `Claude Code (2)`. Null: it speaks over stdio. */
export function networkWords({ transport, clients }: Pick<Instance, 'transport' | 'clients'>): string | null {
  if (transport === null || transport === 'stdio') return null
  const name = transport === 'sse' ? 'http (sse)' : transport.replace('streamable-http', 'http')
  if (!clients) return name
  if (clients.length === 0) return `${name}, no client connected`
  const counts = new Map<string, number>()
  for (const one of clients) counts.set(one.name, (counts.get(one.name) ?? 0) + 1)
  const names = [...counts].map(([one, count]) => (count === 1 ? one : `${one} (${count})`))
  return `${name}, ${countOf(clients.length, 'client')}: ${names.join(', ')}`
}

/** A detail begins with the folder, if one is known. */
const isFolder = (detail: string): boolean => /^(~|\/|\\\\|[A-Za-z]:[\\/])/.test(detail)

/**
 * What the end of an instance means for its running client: who that is and since when, and what it loses. Over HTTP, those that
 * are connected. Null: no running client is known.
 */
export function clientWarning({
  owner,
  clients,
  colour,
  state,
}: Pick<Instance, 'owner' | 'clients' | 'colour' | 'state'>): string | null {
  if (colour === 'red' && state !== 'hung') return null
  const [first, ...others] = clients ?? []
  if (first !== undefined) {
    const names = [first, ...others]
      .map(({ name, pid }) => (pid === undefined ? name : `${name}, process ${pid}`))
      .join('; ')
    return others.length === 0
      ? `Its client (${names}) is connected; ending it ends Serena's tools in that session.`
      : `Its clients (${names}) are connected; ending it ends Serena's tools in their sessions.`
  }
  // Over HTTP the owner only started it.
  if (owner === null || clients !== undefined) return null
  return `Its client (${ownerWords(owner)}, process ${owner.pid}) is running; ending it ends Serena's tools in that session.`
}
