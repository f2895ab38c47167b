// Schedules publishing: soon after a change, every few seconds in case the file was removed, and a last time without instances when
// the backend ends.
import type { Notice } from '#contract/instance'
import type { ViewPublisher } from './publish-view.ts'
import type { PublishedInstance } from './registry-entry.ts'

const DEBOUNCE_MS = 200
const REPEAT_MS = 5_000

export interface PublishingDeps {
  publisher: ViewPublisher
  /** The instances to publish in each home, of the last scan. */
  homes: () => ReadonlyMap<string, readonly PublishedInstance[]>
  subscribe: (onChange: () => void) => () => void
  /** Restores registered entries whose folder was removed; called before publishing. */
  keepEntries: () => Promise<unknown>
  /** The setting of the user. */
  isOn: () => boolean
  onFault: (error: unknown) => void
}

export interface Publishing {
  start(): void
  /** Files that could not be written. */
  notices(): readonly Notice[]
  close(): Promise<void>
}

/** Publishes from `start` to `close`, one home after the other. */
export function createPublishing(deps: PublishingDeps): Publishing {
  const { publisher, homes, subscribe, keepEntries, isOn, onFault } = deps
  const problems = new Map<string, string>()
  const published = new Set<string>()
  let timer: ReturnType<typeof setTimeout> | null = null
  let stop: (() => void) | null = null
  let running: Promise<void> = Promise.resolve()

  async function publishAll(isLast: boolean): Promise<void> {
    const now = homes()
    if (!isLast) await keepEntries().catch(onFault)
    for (const home of new Set([...now.keys(), ...published])) {
      const instances = isLast || !isOn() ? [] : (now.get(home) ?? [])
      const outcome = await publisher.publish(home, instances)
      if (outcome.kind === 'written') published.add(home)
      if (outcome.kind === 'failed') problems.set(home, outcome.why)
      else problems.delete(home)
    }
  }

  /** Runs are sequential. */
  function run(isLast = false): Promise<void> {
    running = running.then(() => publishAll(isLast)).catch(onFault)
    return running
  }

  function schedule(delayMs: number): void {
    if (timer) clearTimeout(timer)
    timer = setTimeout(() => {
      void run().then(() => stop && schedule(REPEAT_MS))
    }, delayMs)
    timer.unref()
  }

  return {
    start() {
      stop ??= subscribe(() => schedule(DEBOUNCE_MS))
      schedule(DEBOUNCE_MS)
    },
    notices: () =>
      [...problems].map(([home, text]) => ({ id: `publishing:${home}`, level: 'warning' as const, text })),
    async close() {
      const wasStarted = stop !== null
      stop?.()
      stop = null
      if (timer) clearTimeout(timer)
      if (wasStarted) await run(true)
    },
  }
}
