// Returns memory when the hub is quiet: V8 collects garbage only while it is allocating, so a hub at rest would keep all it had.

const QUIET_MS = 3_000
/** V8 counts only what it allocates itself: it would let more than 64 MB of messages pile up. */
const MOST_BYTES = 8 * 1024 * 1024

export interface QuietCollection {
  /** A message of this size has passed. */
  used(bytes: number): void
  /** Call it about twice a second. */
  tick(): void
}

/** Collects once after each time of use, and after large messages. `now`: monotonic milliseconds. */
export function createQuietCollection(collect: () => void, now: () => number): QuietCollection {
  let usedAtMs = now()
  let isDue = true
  let bytesSince = 0
  return {
    used(bytes) {
      bytesSince += bytes
      usedAtMs = now()
      isDue = true
    },
    tick() {
      if (!isDue || (now() - usedAtMs < QUIET_MS && bytesSince < MOST_BYTES)) return
      isDue = false
      bytesSince = 0
      collect()
    },
  }
}
