// Sends the status of the hub to all that observe it.

export interface StatusObservers {
  /** Sends the status now and after changes. Returns a function that ends it. */
  add(send: (line: string) => void): () => void
  /** The status has changed. */
  changed(): void
}

/** At most once in this time. */
const STATUS_MS = 1_000

/** Creates none. `status`: as one line. */
export function createStatusObservers(status: () => string): StatusObservers {
  const all = new Set<(line: string) => void>()
  let timer: NodeJS.Timeout | null = null
  return {
    add(send) {
      send(status())
      all.add(send)
      return () => all.delete(send)
    },
    changed() {
      if (all.size === 0 || timer !== null) return
      timer = setTimeout(() => {
        timer = null
        const line = status()
        for (const send of all) send(line)
      }, STATUS_MS)
    },
  }
}
