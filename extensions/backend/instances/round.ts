// One scan of the machine: the facts of the platform, joined by identity. Nothing is judged here.
import type { ConnectionHints } from '../os/connection-facts.ts'
import type { ProcessSource } from '../os/process-facts.ts'
import type { ProcessIdentity } from '../os/process-identity.ts'
import { type JoinedEntry, joinRegistry } from '../registry/join-registry.ts'
import type { RegistryReading } from '../registry/registry-entry.ts'
import type { SerenaProcess } from '../serena/serena-process.ts'
import { treeOf } from '../serena/serena-process.ts'
import { createFinder, type FinderDeps, type Found } from './finder.ts'
import { createHelperWatch } from './helper-watch.ts'
import type { HubInstances, HubView } from './hub-instances.ts'
import { createLeftovers, type LastSeen, type LeftTree } from './leftovers.ts'
import { createNetworkClients, type NetworkClients } from './network-clients.ts'
import { emptyRound, entriesBySerena, insideOf, noticesOf, type RoundFacts } from './round-facts.ts'
import type { Strangers } from './strangers.ts'
import type { Tracks } from './tracks.ts'
import { createUsageMeter, type TreeUsage } from './usage.ts'

export interface RoundDeps extends FinderDeps {
  source: ProcessSource
  clock: { wall: () => number; monotonic: () => number }
  readRegistry: (serenaHomes: readonly string[]) => Promise<RegistryReading>
  strangers: Strangers
  hub: Pick<HubView, 'renew'>
  hubInstances: Pick<HubInstances, 'renew'>
  /** The facts of a Serena in the current list, for the time after its exit. */
  lastSeen: (identity: ProcessIdentity) => LastSeen | null
  /** Our own process: never a leftover of an instance. */
  ownPid: number
}

export interface Round {
  latest(): RoundFacts
  /** `isAsked`: rarely read facts are read now as well. `mayKeep`: earlier readings of instances at rest may be reused. */
  run(options: { isAsked: boolean; mayKeep: boolean }): Promise<void>
  /** Launchers and clients, by the connections of the instances. */
  connections(): ConnectionHints
  readonly network: Pick<NetworkClients, 'clientsOf' | 'withBridge'>
}

/** Scans, and remembers what the last scan found. */
export function createRound(deps: RoundDeps): Round {
  const { source, clock, scope, tracks } = deps
  const finder = createFinder(deps)
  const network = createNetworkClients(source)
  const leftovers = createLeftovers({ now: clock.monotonic, ownPid: deps.ownPid, ownUid: source.ownUid })
  const helpers = createHelperWatch(source, scope.isInScope)
  const measure = createTreeMeter(source, clock.monotonic)
  let latest = emptyRound(clock.wall())

  async function renewConnections({ shown, table }: Found): Promise<void> {
    await renewListeners(shown, source, tracks)
    for (const serena of shown) {
      const { identity } = serena.process
      await tracks.of(identity)?.renewClient(serena, table, finder.connectionOf(identity))
    }
    await network.renew(tracks.of, shown, table)
  }

  return {
    latest: () => latest,
    connections: finder.hints,
    network,
    async run({ isAsked, mayKeep }) {
      await deps.hub.renew()
      const table = await source.list()
      deps.hubInstances.renew(table)
      const sweptAtMs = clock.wall()
      const found = await finder.find(table, { nowMs: sweptAtMs, mayKeep })
      const { shown, serenas } = found
      await renewConnections(found)
      leftovers.renew(found, deps.lastSeen)
      const left = leftovers.known()
      const usages = await measure(shown, left)
      await helpers.renew(table, serenas, clock.monotonic())
      const serenaHomes = scope.homesToRead(
        shown.map(({ process }) => tracks.of(process.identity)?.home.serenaHome ?? null),
      )
      const registry = await deps.readRegistry(serenaHomes)
      const joined = await join(registry, found, deps)
      // The home of a Serena that only its port shows is not known.
      if (!scope.isLimited) await deps.strangers.renew(serenas, isAsked)
      latest = {
        serenas: shown,
        left,
        known: new Set(serenas.flatMap(treeOf).map(({ identity }) => identity)),
        joined,
        entriesOf: entriesBySerena(joined),
        problems: registry.problems.map(({ text }) => text),
        serenaHomes,
        notices: noticesOf(registry, source.notice?.() ?? null),
        usages,
        helperProcesses: helpers.known(),
        sweptAtMs,
      }
    },
  }
}

/** The sockets of processes of other users cannot be read. */
async function renewListeners(
  shown: readonly SerenaProcess[],
  source: RoundDeps['source'],
  tracks: Tracks,
): Promise<void> {
  const renewed = shown.filter(({ process }) => tracks.of(process.identity)?.isKept === false)
  const own = renewed.filter(({ process }) => process.uid === null || process.uid === source.ownUid)
  const found = await source.listeners(own.map(({ process }) => process))
  for (const { process, command } of renewed)
    tracks.of(process.identity)?.renewListeners(found.get(process.pid) ?? null, command)
}

async function join(
  { entries }: RegistryReading,
  { table, serenas }: Found,
  { source, tracks }: RoundDeps,
): Promise<JoinedEntry[]> {
  // Only an entry that another program wrote may name a process by its pid inside a container.
  const hasForeign = entries.some(({ identity }) => identity === null)
  const innerPids = (hasForeign && (await source.innerPids?.(table))) || new Set<number>()
  const { pidNamespace } = source
  return joinRegistry({ table, serenas, entries, pidNamespace, innerPids, inside: insideOf(tracks.all()) })
}

function createTreeMeter(
  source: Pick<ProcessSource, 'memory'>,
  now: () => number,
): (shown: readonly SerenaProcess[], left: readonly LeftTree[]) => Promise<Map<string, TreeUsage>> {
  const meter = createUsageMeter(source)
  return async (shown, left) => {
    const nowMs = now()
    const trees = [
      ...shown.map((one) => [one.process.identity, treeOf(one)] as const),
      ...left.map(({ id, running }) => [id, running] as const),
    ]
    const measured = new Map<string, TreeUsage>()
    for (const [key, tree] of trees) measured.set(key, await meter.measure(tree, nowMs))
    meter.retain(new Set(trees.flatMap(([, tree]) => tree.map(({ identity }) => identity))))
    return measured
  }
}
