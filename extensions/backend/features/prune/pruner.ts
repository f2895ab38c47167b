// Pruning: what has been a zombie for long enough goes by itself. Dead entries always (after 5 minutes, or as the home says),
// processes only where the person has set the key. It chooses; the ending proves everything again and does it.
import type { EndingPlan, EndRequest, Receipt } from '#contract/ending'
import type { Instance } from '#contract/instance'
import type { SerenaSettings } from '../../lib/serena-settings.ts'

/** For dead entries, where the home does not say otherwise. */
export const DEFAULT_MINUTES = 5
/** What was refused, or could not be ended, is not tried again before. */
export const RETRY_MS = 60_000

export interface PrunerDeps {
  instances: () => readonly Instance[]
  /** The settings of the home that an instance belongs to; null: it is not known which. */
  settingsOf: (id: string) => Pick<SerenaSettings, 'zombiePruneMinutes'> | null
  plan: (ids: null) => Promise<EndingPlan>
  end: (request: EndRequest) => Promise<Receipt>
  /** Monotonic milliseconds: no clock that is set, and no sleep, makes anybody older. */
  now: () => number
}

export interface Pruner {
  /** Looks whose time is up, and prunes those; does nothing while the last time is still at it. */
  tick(): Promise<void>
}

/** A pruner that has seen nobody yet: time counts from the tick that first sees a zombie. */
export function createPruner({ instances, settingsOf, plan, end, now }: PrunerDeps): Pruner {
  /** Since when each is a certain zombie without a break. */
  const since = new Map<string, number>()
  const triedAt = new Map<string, number>()
  let isBusy = false

  function renew(): readonly Instance[] {
    const zombies = instances().filter(isCertainZombie)
    const ids = new Set(zombies.map(({ id }) => id))
    for (const map of [since, triedAt]) for (const id of map.keys()) if (!ids.has(id)) map.delete(id)
    for (const id of ids) if (!since.has(id)) since.set(id, now())
    return zombies
  }

  function isDue(instance: Instance): boolean {
    const minutes = minutesFor(instance, settingsOf(instance.id))
    if (minutes === null) return false
    const age = now() - (since.get(instance.id) ?? now())
    return (
      age >= minutes * 60_000 && now() - (triedAt.get(instance.id) ?? Number.NEGATIVE_INFINITY) >= RETRY_MS
    )
  }

  async function prune(due: readonly string[]): Promise<void> {
    for (const id of due) triedAt.set(id, now())
    const { plan: items } = await plan(null)
    // Chosen as a person's "kill all" would choose: what only a hand checks is left to the hand.
    const ids = items.filter(({ id, checked }) => checked && due.includes(id)).map(({ id }) => id)
    if (ids.length > 0) await end({ ids, scope: 'red', mode: 'kill' })
  }

  return {
    async tick() {
      if (isBusy) return
      const due = renew().filter(isDue)
      if (due.length === 0) return
      isBusy = true
      try {
        await prune(due.map(({ id }) => id))
      } finally {
        isBusy = false
      }
    },
  }
}

const isCertainZombie = ({ colour, verdict, flags }: Instance): boolean =>
  colour === 'red' && verdict.certainty === 'certain' && !flags.includes('finishing')

/** Null: never. An entry is not a process: removing it ends nobody. */
function minutesFor(
  { state }: Instance,
  settings: Pick<SerenaSettings, 'zombiePruneMinutes'> | null,
): number | null {
  const minutes = settings?.zombiePruneMinutes ?? null
  if (state === 'dead') return minutes ?? DEFAULT_MINUTES
  return minutes
}
