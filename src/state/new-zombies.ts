// Finds new certain zombies. Each is reported once; those present when the page opened are not reported. Pure.
import { type Instance, isCertainZombie, type ZombieFacts } from '#contract/instance'

/** Ids that were reported, or already red when the page opened; null: no list has arrived yet. */
export type KnownZombies = ReadonlySet<string> | null

type IdentifiedZombie = ZombieFacts & Pick<Instance, 'id'>

/** Returns true if it answers and no flag indicates a lost client. A restarted backend may have less evidence than the previous one. */
const hasRecovered = ({ colour, flags }: IdentifiedZombie): boolean =>
  (colour === 'green' || colour === 'yellow') && !flags.includes('probably-orphaned')

/** Maximum number of stored ids. Ids that are no longer listed are kept, because an instance may be missing from one list only. */
const MAX_KNOWN = 2000

/** Returns the new zombies of this list and the updated known ids. An instance that recovered and turns red again is new. */
export function newZombies<One extends IdentifiedZombie>(
  known: KnownZombies,
  instances: readonly One[],
): { fresh: One[]; known: ReadonlySet<string> } {
  const zombies = instances.filter(isCertainZombie)
  const fresh = known === null ? [] : zombies.filter(({ id }) => !known.has(id))
  const recovered = new Set(instances.filter(hasRecovered).map(({ id }) => id))
  const kept = [...(known ?? [])].filter((id) => !recovered.has(id))
  return { fresh, known: new Set([...kept, ...zombies.map(({ id }) => id)].slice(-MAX_KNOWN)) }
}
