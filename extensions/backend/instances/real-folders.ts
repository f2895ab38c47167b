// The real paths of project folders: resolving one takes several system calls, and they rarely change.
import { realFolder } from '../serena/home-of-instance.ts'

const KEPT_MS = 60_000

/** Resolves links; a result is kept for a minute. `now` is monotonic milliseconds. */
export function createRealFolders(now: () => number): (path: string) => string {
  const known = new Map<string, { real: string; atMs: number }>()
  return (path) => {
    const before = known.get(path)
    if (before && now() - before.atMs < KEPT_MS) return before.real
    for (const [old, { atMs }] of known) if (now() - atMs >= KEPT_MS) known.delete(old)
    const real = realFolder(path)
    known.set(path, { real, atMs: now() })
    return real
  }
}
