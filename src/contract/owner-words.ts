// The owner of an instance as one line of text. Pure; the only place that formats it.
import type { Instance } from './instance.ts'
import { countOf } from './units.ts'

type Owner = Pick<NonNullable<Instance['owner']>, 'name' | 'detail'>

/** Returns `Claude Code in ~/shop, terminal 3, since 14:02`, or `Claude Code, since 14:02` without a known folder. */
export function ownerWords({ name, detail }: Owner): string {
  if (detail === null || detail === '') return name
  return isFolder(detail) ? `${name} in ${detail}` : `${name}, ${detail}`
}

/** Returns the same without the time, for narrow places: `Claude Code in ~/shop, terminal 3`. */
export function briefOwnerWords({ name, detail }: Owner): string {
  return ownerWords({ name, detail: detail?.replace(/(^|, )since [^,]*$/, '') ?? null })
}

/** Returns `http, 2 clients: Codex CLI, Claude Code`; clients with the same name are counted: `Claude Code (2)`. Null: stdio. */
export function networkWords({ transport, clients }: Pick<Instance, 'transport' | 'clients'>): string | null {
  if (transport === null || transport === 'stdio') return null
  const name = transport === 'sse' ? 'http (sse)' : transport.replace('streamable-http', 'http')
  if (!clients) return name
  if (clients.length === 0) return `${name}, no client connected`
  return `${name}, ${countOf(clients.length, 'client')}: ${namesOf(clients)}`
}

function namesOf(clients: NonNullable<Instance['clients']>): string {
  const counts = new Map<string, number>()
  for (const one of clients) counts.set(one.name, (counts.get(one.name) ?? 0) + 1)
  return [...counts].map(([one, count]) => (count === 1 ? one : `${one} (${count})`)).join(', ')
}

/** Returns `3 clients: Claude Code (2), Cursor`; null: it is not one that the hub runs. */
export function sharedWords({
  hubSerena,
  clients = [],
}: Pick<Instance, 'hubSerena' | 'clients'>): string | null {
  if (hubSerena === undefined) return null
  return clients.length === 0 ? 'no client' : `${countOf(clients.length, 'client')}: ${namesOf(clients)}`
}

/** Returns `3 clients` for an instance that several use through the hub; null: it is none. */
export function sharedCount({
  hubSerena,
  clients = [],
}: Pick<Instance, 'hubSerena' | 'clients'>): string | null {
  return hubSerena === undefined || clients.length < 2 ? null : countOf(clients.length, 'client')
}

/** A detail starts with the folder if one is known. */
const isFolder = (detail: string): boolean => /^(~|\/|\\\\|[A-Za-z]:[\\/])/.test(detail)

/**
 * Returns what ending an instance means for its running client: its name, its start, and what it loses. Over HTTP, all connected
 * clients; through the hub, that they get another one. Null: no running client is known.
 */
export function clientWarning({
  owner,
  clients,
  colour,
  state,
  hubSerena,
}: Pick<Instance, 'owner' | 'clients' | 'colour' | 'state' | 'hubSerena'>): string | null {
  if (colour === 'red' && state !== 'hung') return null
  if (hubSerena !== undefined) return hubWarning(clients?.length ?? 0)
  const [first, ...others] = clients ?? []
  const isOwnerAlone = owner !== null && first?.pid === owner.pid && others.length === 0
  if (first !== undefined && !isOwnerAlone) {
    const names = [first, ...others]
      .map(({ name, pid }) => (pid === undefined ? name : `${name}, process ${pid}`))
      .join('; ')
    return others.length === 0
      ? `Its client (${names}) is connected; ending the instance removes Serena's tools from that session.`
      : `Its clients (${names}) are connected; ending the instance removes Serena's tools from their sessions.`
  }
  // Over HTTP the owner only started the server.
  if (owner === null || (clients !== undefined && !isOwnerAlone)) return null
  return `Its client (${ownerWords(owner)}, process ${owner.pid}) is running; ending the instance removes Serena's tools from that session.`
}

function hubWarning(count: number): string | null {
  if (count === 0) return null
  return count === 1
    ? '1 client uses it; its next call starts a new one.'
    : `${count} clients use it; their next call starts a new one.`
}
