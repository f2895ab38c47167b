// The starts of the last minutes, also of what has ended since: who is started again and again. Nothing of it is written down.
import type { Spawn } from '../../facts.ts'

const KEPT_MS = 10 * 60_000
/** So many are enough for any verdict; a client gone wild shall not fill the memory. */
const MOST = 2_000

export interface SpawnHistory {
  /** Takes the instances of a round; each start is kept once. */
  renew(living: readonly Spawn[], nowMs: number): void
  starts(): readonly Spawn[]
}

/** An empty history; times are epoch milliseconds. */
export function createSpawnHistory(): SpawnHistory {
  let kept: ReadonlyMap<string, Spawn> = new Map()
  return {
    renew(living, nowMs) {
      const all = new Map([...kept, ...living.map((spawn) => [spawn.identity, spawn] as const)])
      const fresh = [...all].filter(([, { startedAtMs }]) => nowMs - startedAtMs < KEPT_MS)
      kept = new Map(fresh.slice(-MOST))
    },
    starts: () => [...kept.values()],
  }
}
