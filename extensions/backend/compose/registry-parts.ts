// The deck's registry: the service for the surfaces, and what is published.
import { hasHolderExited } from '../os/files/lock-holder.ts'
import { defaultSerenaHome } from '../os/paths.ts'
import { createDeadEntries, type DeadEntries } from '../registry/dead-entries.ts'
import { entryId } from '../registry/entry-id.ts'
import { staleDerivedEntries } from '../registry/join-registry.ts'
import { createEntryKeeper } from '../registry/keep-entries.ts'
import { mayRunOf } from '../registry/may-run.ts'
import { createViewPublisher } from '../registry/publish-view.ts'
import { publishedByHome } from '../registry/published.ts'
import { createPublishing, type Publishing } from '../registry/publishing.ts'
import { createRegistryService, type RegistryService } from '../registry/registry-service.ts'
import { createEntryWriter } from '../registry/write-entry.ts'
import { instanceId } from '../serena/instance-id.ts'
import { findSerenas } from '../serena/serena-processes.ts'
import type { OwnSettingsStore } from '../settings/own-settings.ts'
import type { DeckParts } from './deck-base.ts'

export interface RegistryParts {
  registry: RegistryService
  publishing: Publishing
  entries: DeadEntries
}

/** Creates the registry of one deck. */
export function createRegistryParts(
  parts: DeckParts,
  settings: Pick<OwnSettingsStore, 'current'>,
): RegistryParts {
  const { instances, source, clock } = parts
  const hasExited = hasHolderExited(() => source.list())
  const writer = createEntryWriter({ hasExited })
  const keeper = createEntryKeeper(writer)
  const publisher = createViewPublisher({
    hasExited,
    findRunning: async () => mayRunOf(await source.list(), findSerenas),
    nowMs: clock.wall,
    ownPid: process.pid,
  })
  const entries = createDeadEntries({ writer, publisher })
  const publishing = createPublishing({
    publisher,
    homes: () => publishedByHome(publishable(parts), instances.current(), source.ownUid),
    subscribe: instances.subscribe,
    async keepEntries() {
      const { joined } = instances.registry()
      for (const entry of staleDerivedEntries(joined)) await entries.remove(entry)
      const living = instances.registry().joined.flatMap(({ entry, serena }) => (serena ? [entry] : []))
      const identities = new Set(instances.tracks().map(({ serena }) => serena.process.identity))
      return keeper.restore(living, (identity) => identities.has(identity))
    },
    isOn: () => settings.current().publishRegistry ?? true,
    onFault: parts.onFault,
  })
  return { registry: serviceOf(parts, { ...writer, put: keeper.put }), publishing, entries }
}

const publishable = ({ instances }: DeckParts): Parameters<typeof publishedByHome>[0] =>
  instances.tracks().map(({ serena, home }) => ({ serena, serenaHome: home.serenaHome }))

function serviceOf(
  { instances, scheduler, source, clock, env, platform, ownPort }: DeckParts,
  writer: Parameters<typeof createRegistryService>[0]['writer'],
): RegistryService {
  return createRegistryService({
    writer,
    table: () => source.list(),
    listeners: (processes) => source.listeners(processes),
    scan: scheduler.scanNow,
    entries: () =>
      instances.registry().joined.map(({ entry, serena, status }) => ({
        id: entryId(entry),
        entry,
        status,
        instanceId: serena ? instanceId(serena.process.identity, serena.process.pid) : entryId(entry),
      })),
    problems: () => instances.registry().problems,
    homeOf: instances.homeOf,
    ownHome: defaultSerenaHome(env, platform),
    isInScope: instances.isInScope,
    ownPort,
    limits: { ownPid: process.pid, ownUid: source.ownUid },
    pidNamespace: source.pidNamespace,
    nowMs: clock.wall,
  })
}
