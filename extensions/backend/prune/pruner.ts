// Pruning: removes dead entries (after 5 minutes, or as the home sets it), and ends zombie processes where the user has set the key. It only
// selects: the ending checks everything again and acts.
import type { EndingPlan, EndRequest, Receipt } from '#contract/ending'
import { type Instance, isCertainZombie } from '#contract/instance'
import type { SerenaSettings } from '../serena/serena-settings.ts'

/** For dead entries, if the home does not set it. */
export const DEFAULT_MINUTES = 5
/** Time before a refused or failed attempt is repeated. */
export const RETRY_MS = 60_000

export interface PrunerDeps {
  instances: () => readonly Instance[]
  /** Returns the settings of the instance's home; null: the home is not known. */
  settingsOf: (id: string) => Pick<SerenaSettings, 'zombiePruneMinutes'> | null
  plan: (ids: null) => Promise<EndingPlan>
  end: (request: EndRequest) => Promise<Receipt>
  /** Monotonic milliseconds: neither a change of the clock nor a sleep of the machine adds age. */
  now: () => number
}

export interface Pruner {
  /** Prunes the instances that are due; does nothing while the previous tick is still running. */
  tick(): Promise<void>
}

/** Creates a pruner without any knowledge: the time starts at the first tick that sees a zombie. */
export function createPruner({ instances, settingsOf, plan, end, now }: PrunerDeps): Pruner {
  /** Start of the uninterrupted time as a certain zombie. */
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
    // The same selection as "kill all zombies": items that are not preselected are left to the user.
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

/** Null: never. Removing an entry ends no process. */
function minutesFor(
  { state }: Instance,
  settings: Pick<SerenaSettings, 'zombiePruneMinutes'> | null,
): number | null {
  const minutes = settings?.zombiePruneMinutes ?? null
  if (state === 'dead') return minutes ?? DEFAULT_MINUTES
  return minutes
}
