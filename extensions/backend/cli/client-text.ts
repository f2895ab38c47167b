// What is said of the client of an instance when it is not visible. Pure.
import type { Instance } from '#contract/instance'

/** Null: its client is known, or it has none. The plan itself names a client that is known to run. */
export function unknownClientText({
  owner,
  clients,
  state,
  colour,
}: Pick<Instance, 'owner' | 'clients' | 'state' | 'colour'>): string | null {
  if (owner !== null || clients !== undefined || (colour === 'red' && state !== 'hung')) return null
  return "Its client is not visible from here and may be running; ending it ends Serena's tools in that session."
}
