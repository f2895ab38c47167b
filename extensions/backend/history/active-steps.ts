// In which steps of the last week each instance was active.
import { type UsageWeek, WEEK_SAMPLES } from '#contract/usage'

/** Instances whose activity is kept, those that were active last. */
const MOST_IDS = 64

export interface ActiveSteps {
  isEmpty(): boolean
  note(id: string, step: number): void
  /** Forgets what is not of the week that ends with this step. */
  trim(step: number): void
  /** Returns the steps as their distances from this one. */
  until(step: number): UsageWeek['active']
  /** Takes what `until` returned for that step. */
  restore(step: number, active: UsageWeek['active']): void
}

/** Creates a memory without activity. */
export function createActiveSteps(): ActiveSteps {
  /** The instance that was active last is the last one. */
  const active = new Map<string, readonly number[]>()
  return {
    isEmpty: () => active.size === 0,
    note(id, step) {
      const steps = active.get(id) ?? []
      if (steps.at(-1) === step) return
      active.delete(id)
      active.set(id, [...steps, step])
      for (const old of [...active.keys()].slice(0, -MOST_IDS)) active.delete(old)
    },
    trim(step) {
      for (const [id, steps] of active) {
        const kept = steps.filter((one) => one <= step && one > step - WEEK_SAMPLES)
        if (kept.length === 0) active.delete(id)
        else active.set(id, kept)
      }
    },
    until: (step) =>
      [...active].map(([id, steps]) => ({
        id,
        steps: steps.map((one) => step - one).filter((one) => one >= 0),
      })),
    restore(step, saved) {
      for (const { id, steps } of saved.slice(-MOST_IDS))
        active.set(
          id,
          steps.map((one) => step - one),
        )
    },
  }
}
