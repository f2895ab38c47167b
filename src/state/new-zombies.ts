// Which zombies are new and certain: each is told of once, and never one that was there when the page came. Pure.
import type { Instance } from '#contract/instance'

/** The ids that were told of, or were red already when the page came; null: no list has been seen yet. */
export type KnownZombies = ReadonlySet<string> | null

type Judged = Pick<Instance, 'id' | 'colour' | 'verdict' | 'flags'>

const isCertain = ({ colour, verdict, flags }: Judged): boolean =>
  colour === 'red' && verdict.certainty === 'certain' && !flags.includes('finishing')

/** It answers, and nothing speaks of a lost client: a backend that has just begun knows less than the one before. */
const hasRecovered = ({ colour, flags }: Judged): boolean =>
  (colour === 'green' || colour === 'yellow') && !flags.includes('probably-orphaned')

/** So many that are gone are remembered: one that is only not listed for a moment is not new when it comes back. */
const MAX_KNOWN = 2000

/** The new ones of this list, and what is known from now on. One that recovered and turns red again is new. */
export function newZombies<One extends Judged>(
  known: KnownZombies,
  instances: readonly One[],
): { fresh: One[]; known: ReadonlySet<string> } {
  const zombies = instances.filter(isCertain)
  const fresh = known === null ? [] : zombies.filter(({ id }) => !known.has(id))
  const recovered = new Set(instances.filter(hasRecovered).map(({ id }) => id))
  const kept = [...(known ?? [])].filter((id) => !recovered.has(id))
  return { fresh, known: new Set([...kept, ...zombies.map(({ id }) => id)].slice(-MAX_KNOWN)) }
}
