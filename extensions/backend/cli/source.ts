// Where a command gets its answers: from the running backend, or, without one, from a deck of its own.
import { resolve } from 'node:path'
import type { Capability, LogPage } from '#contract/details'
import type { Instance, InstanceList } from '#contract/instance'
import { createDeck } from '../deck.ts'
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
  /** Rejects when the source is lost while it is watched; otherwise it never settles. */
  ended: Promise<never>
  close(): Promise<void>
}

function ownDeck({ env, platform, writeError }: Terminal): DeckSource {
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
    ended: new Promise(() => undefined),
    close: () => deck.close(),
  }
}

/** Runs a command with a source, and gives the source up afterwards. */
export async function withSource(
  terminal: Terminal,
  use: (source: DeckSource) => Promise<void>,
): Promise<void> {
  const source = (await findRunning(terminal.env, terminal.platform)) ?? ownDeck(terminal)
  try {
    await use(source)
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
