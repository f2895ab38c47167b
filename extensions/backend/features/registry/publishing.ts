// When the view is published: soon after something changed, and every few seconds in case the file disappeared; taken back when
// the backend ends.
import type { Notice } from '#contract/instance'
import type { PublishedInstance } from '../../facts.ts'
import type { ViewPublisher } from './publish-view.ts'

const GATHER_MS = 200
const LOOK_MS = 5_000

export interface PublishingDeps {
  publisher: ViewPublisher
  /** What is to be published in each home, of the last look. */
  homes: () => ReadonlyMap<string, readonly PublishedInstance[]>
  subscribe: (onChange: () => void) => () => void
  /** Brings back what was registered and got lost with its folder; before anything is published. */
  keepEntries: () => Promise<unknown>
  /** The person may have switched it off. */
  isOn: () => boolean
  onFault: (error: unknown) => void
}

export interface Publishing {
  start(): void
  /** What could not be written, in words. */
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

  /** Rounds stand in line. */
  function run(isLast = false): Promise<void> {
    running = running.then(() => publishAll(isLast)).catch(onFault)
    return running
  }

  function schedule(delayMs: number): void {
    if (timer) clearTimeout(timer)
    timer = setTimeout(() => {
      void run().then(() => stop && schedule(LOOK_MS))
    }, delayMs)
    timer.unref()
  }

  return {
    start() {
      stop ??= subscribe(() => schedule(GATHER_MS))
      schedule(GATHER_MS)
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
