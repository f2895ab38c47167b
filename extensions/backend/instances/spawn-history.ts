// The starts of the last minutes, also of what has ended since: shows what is started again and again. Kept in memory only.
import type { Spawn } from '../verdict/flags/group-facts.ts'

const KEPT_MS = 10 * 60_000
/** Enough for any verdict; a client in a restart loop must not fill the memory. */
const MOST = 2_000
/** A client aborts a slow start within this time (Claude Code: 3 s); the rest is the time until the exit is seen. */
const ABORTED_MS = 12_000

/** A start that is seen to run. */
export type RunningStart = Omit<Spawn, 'hasEnded' | 'isRepeated'>

export interface SpawnHistory {
  /** Takes the instances of a round; each start is kept once. */
  renew(living: readonly RunningStart[], nowMs: number): void
  /** Excludes these from now on: they do not count as restarts by their clients. */
  ignore(identities: readonly string[]): void
  starts(): readonly Spawn[]
}

/** Creates an empty history; times are epoch milliseconds. */
export function createSpawnHistory(): SpawnHistory {
  let kept: ReadonlyMap<string, Spawn> = new Map()
  const ignored = new Set<string>()
  return {
    renew(living, nowMs) {
      const running = new Map(living.map((one) => [one.identity, one]))
      const ended = [...kept.values()]
        .filter(({ identity }) => !running.has(identity))
        .map((one) =>
          one.hasEnded ? one : { ...one, hasEnded: true, isRepeated: isRepeated(one, living, nowMs) },
        )
      const all = [...ended, ...living.map((one): Spawn => ({ ...one, hasEnded: false, isRepeated: false }))]
      const fresh = all.filter(
        ({ identity, startedAtMs }) => nowMs - startedAtMs < KEPT_MS && !ignored.has(identity),
      )
      kept = new Map(fresh.slice(-MOST).map((one) => [one.identity, one]))
    },
    ignore(identities) {
      for (const identity of identities) ignored.add(identity)
      for (const identity of [...ignored].slice(0, -MOST)) ignored.delete(identity)
    },
    starts: () => [...kept.values()],
  }
}

/** Whether another start of the same runs in the round that misses this one. */
const isRepeated = (one: Spawn, living: readonly RunningStart[], nowMs: number): boolean =>
  nowMs - one.startedAtMs <= ABORTED_MS &&
  living.some(
    (other) =>
      other.clientKey === one.clientKey &&
      other.argumentsKey === one.argumentsKey &&
      other.startedAtMs > one.startedAtMs,
  )
