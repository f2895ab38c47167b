// The deck's registry, wired: the service for the surfaces, and what is published.
import type { DeckParts } from './deck.ts'
import { createDeadEntries, type DeadEntries } from './features/registry/dead-entries.ts'
import { createEntryKeeper } from './features/registry/keep-entries.ts'
import { createViewPublisher } from './features/registry/publish-view.ts'
import { createPublishing, type Publishing } from './features/registry/publishing.ts'
import { createRegistryService } from './features/registry/registry-service.ts'
import { createEntryWriter } from './features/registry/write-entry.ts'
import type { OwnSettingsStore } from './features/settings/own-settings.ts'
import { derivedLeft } from './features/sweep/join.ts'
import { entryId, instanceId } from './features/sweep/present.ts'
import { publishedByHome } from './features/sweep/published.ts'
import { findSerenas } from './features/sweep/serena-processes.ts'
import { holderIsGone, mayLiveOf } from './lib/process-lives.ts'
import { defaultSerenaHome } from './os/paths.ts'
import type { RegistryService } from './services.ts'

/** The registry of one deck. */
export function createRegistryParts(
  { sweep, pulse, source, clock, env, platform, ownPort, onFault }: DeckParts,
  settings: Pick<OwnSettingsStore, 'current'>,
): { registry: RegistryService; publishing: Publishing; entries: DeadEntries } {
  const isGone = holderIsGone(() => source.list())
  const writer = createEntryWriter({ isGone })
  const keeper = createEntryKeeper(writer)
  const publisher = createViewPublisher({
    isGone,
    look: async () => mayLiveOf(await source.list(), findSerenas),
    nowMs: clock.wall,
    ownPid: process.pid,
  })
  const entries = createDeadEntries({ writer, publisher })
  const publishing = createPublishing({
    publisher,
    homes: () => publishedByHome(sweep.tracks(), sweep.current(), source.ownUid),
    subscribe: sweep.subscribe,
    async keepEntries() {
      for (const entry of derivedLeft(sweep.registry().joined)) await entries.remove(entry)
      const living = sweep.registry().joined.flatMap(({ entry, serena }) => (serena ? [entry] : []))
      const identities = new Set(sweep.tracks().map(({ serena }) => serena.process.identity))
      return keeper.keep(living, (identity) => identities.has(identity))
    },
    isOn: () => settings.current().publishRegistry ?? true,
    onFault,
  })
  const registry = createRegistryService({
    writer: { ...writer, put: keeper.put },
    table: () => source.list(),
    listeners: (processes) => source.listeners(processes),
    look: pulse.lookNow,
    entries: () =>
      sweep.registry().joined.map(({ entry, serena, fate }) => ({
        id: entryId(entry),
        entry,
        fate,
        instanceId: serena ? instanceId(serena.process.identity, serena.process.pid) : entryId(entry),
      })),
    problems: () => sweep.registry().problems,
    homeOf: sweep.homeOf,
    ownHome: defaultSerenaHome(env, platform),
    isInScope: sweep.isInScope,
    ownPort,
    limits: { ownPid: process.pid, ownUid: source.ownUid },
    pidNamespace: source.pidNamespace,
    nowMs: clock.wall,
  })
  return { registry, publishing, entries }
}
