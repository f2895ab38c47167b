// The sentence about a client that is not visible. Pure.
import type { Instance } from '#contract/instance'

/**
 * Returns a sentence about a client that is not visible; null: the client is known, or there is none. The plan itself names a client
 * that is known to run.
 */
export function unknownClientText({
  owner,
  clients,
  state,
  colour,
}: Pick<Instance, 'owner' | 'clients' | 'state' | 'colour'>): string | null {
  if (owner !== null || clients !== undefined || (colour === 'red' && state !== 'hung')) return null
  return "Its client is not visible from here and may be running; ending the instance removes Serena's tools from that session."
}
