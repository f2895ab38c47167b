// Which SERENA_HOMEs are watched. Pure.
import { realFolder } from '../serena/home-of-instance.ts'

export interface HomeScope {
  /** Instances of other homes are not shown. */
  readonly isLimited: boolean
  /** Null is a home that is not known. */
  isInScope(serenaHome: string | null): boolean
  /** The home in which to search the log of a process whose environment is not readable. */
  readonly homesToTry: readonly string[]
  /** The homes whose registry is read, given those of the instances that were found. */
  homesToRead(found: readonly (string | null)[]): readonly string[]
}

/**
 * Makes the scope of homes. `onlyHomes` (SERENA_DECK_ONLY_HOMES): instances of other homes are not shown; null: all. `ownHome` is read
 * even without a process.
 */
export function makeHomeScope(onlyHomes: readonly string[] | null, ownHome: string): HomeScope {
  const own = realFolder(ownHome)
  const only = onlyHomes?.map(realFolder) ?? null
  return {
    isLimited: only !== null,
    isInScope: (home) => only === null || (home !== null && only.includes(home)),
    homesToTry: only ?? [own],
    homesToRead: (found) => only ?? [...new Set([own, ...found.filter((home) => home !== null)])],
  }
}
