// Where a command gets its answers: from the running backend, or, without one, from a deck of its own.
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Capability, LogPage } from '#contract/details'
import type { EndingPlan, EndRequest, Receipt } from '#contract/ending'
import type { Instance, InstanceList } from '#contract/instance'
import type { HistoryService, RegistryService } from '../services.ts'
import { findLaunchers } from './launchers.ts'
import { findRunning } from './running-backend.ts'
import { resolveTarget } from './target.ts'
import type { Terminal } from './terminal.ts'

export interface DeckSource {
  /** Looks at everything now. */
  list(): Promise<InstanceList>
  /** Calls back with the list now and whenever it changed; the result ends it. */
  watch(onList: (list: InstanceList) => void): () => void
  logs(instanceId: string, from: number): Promise<Capability<LogPage>>
  /** Looks for as long as the rules need to be certain; tells that it waits, if it does. */
  settle(onWait: (text: string) => void): Promise<void>
  plan(ids: readonly string[] | null): Promise<EndingPlan>
  end(request: EndRequest): Promise<Receipt>
  history: HistoryService['list']
  registry: RegistryService
  /** Rejects when the source is lost while it is watched; otherwise it never settles. */
  ended: Promise<never>
  close(): Promise<void>
}

/** Loaded only where no backend runs. */
async function ownDeck({ env, platform, writeError }: Terminal): Promise<DeckSource> {
  const { createDeck } = await import('../deck.ts')
  const deck = createDeck({ env, platform, onFault: (error) => writeError(`${String(error)}\n`) })
  return {
    list: () => deck.instances.sweep(),
    watch(onList) {
      deck.instances.setVisible(true)
      deck.start()
      const stop = deck.instances.subscribe(() => onList(deck.instances.current()))
      void deck.instances.sweep().then(onList, (error: unknown) => writeError(`${String(error)}\n`))
      return stop
    },
    logs: (instanceId, from) => deck.dashboards.logs(instanceId, from),
    async settle(onWait) {
      const needsTime = (): boolean =>
        deck.instances.isConfirming() || deck.instances.current().instances.some(isUndecided)
      await deck.instances.sweep()
      if (!needsTime()) return
      onWait('Watching for up to 25 s: a single check cannot confirm a zombie.')
      deck.instances.setVisible(true)
      deck.start()
      const end = performance.now() + WATCH_MS
      while (needsTime() && performance.now() < end) await sleep(WATCH_STEP_MS)
    },
    plan: (ids) => deck.ending.plan(ids),
    end: (request) => deck.ending.end(request),
    history: (asked) => deck.history.list(asked),
    registry: deck.registry,
    ended: new Promise(() => undefined),
    close: () => deck.close(),
  }
}

/** Two looks 5 s apart make an orphan certain, three over 10 s a hung one; rounds are 5 s apart. */
const WATCH_MS = 25_000
const WATCH_STEP_MS = 250

/** Something of it may be proven by looking longer. */
const isUndecided = ({ state, flags, sources }: Instance): boolean =>
  flags.includes('probably-orphaned') ||
  flags.includes('slow') ||
  (state === 'unknown' && sources.includes('process') && sources.includes('port'))

/** Runs a command with a source, and gives the source up afterwards. */
export async function withSource<Result>(
  terminal: Terminal,
  use: (source: DeckSource) => Promise<Result>,
): Promise<Result> {
  const { env, platform, writeError } = terminal
  const running = await findRunning(env, platform, (text) =>
    writeError(`${text} This command looks for itself, without what Serena Deck has seen before.\n`),
  )
  const source = running ?? (await ownDeck(terminal))
  try {
    return await use(source)
  } finally {
    await source.close()
  }
}

/** The instance that TARGET names, of a fresh list; throws `instance-not-found` or `target-ambiguous`. */
export async function findInstance(
  source: DeckSource,
  target: string,
  { cwd, platform }: Terminal,
): Promise<Instance> {
  const { instances } = await source.list()
  return resolveTarget(target, instances, {
    absolutePath: (path) => resolve(cwd, path),
    launchers: await findLaunchers(platform),
  })
}
