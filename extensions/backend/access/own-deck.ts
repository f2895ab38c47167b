// A deck in this process, for a command without a running backend.
import { setTimeout as sleep } from 'node:timers/promises'

import type { Instance } from '#contract/instance'
import type { Terminal } from '../os/terminal.ts'
import type { DeckSource } from './deck-source.ts'

/** Returns a source that scans by itself. */
export async function openOwnDeck({ env, platform, writeError }: Terminal): Promise<DeckSource> {
  const { createDeck } = await import('../compose/deck.ts')
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
    setLabel: deck.labels.set,
    jump: deck.jumps.jump,
    history: (asked) => deck.history.list(asked),
    registry: deck.registry,
    hub: {
      async status() {
        // A scan measures the memory.
        if ((await deck.hub.status()) !== null) await deck.instances.sweep()
        return deck.hub.current()
      },
      control: deck.hub.control,
    },
    ended: new Promise(() => undefined),
    close: () => deck.close(),
  }
}

/** Two scans 5 s apart confirm an orphan, three over 10 s a hung one; scans are 5 s apart. */
const WATCH_MS = 25_000
const WATCH_STEP_MS = 250

/** More scans may confirm its state. */
const isUndecided = ({ state, flags, sources }: Instance): boolean =>
  flags.includes('probably-orphaned') ||
  flags.includes('slow') ||
  (state === 'unknown' && sources.includes('process') && sources.includes('port'))
