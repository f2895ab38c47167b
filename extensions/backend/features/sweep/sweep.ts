// The sweep: one round of discovery. Facts from the platform, joined by identity, judged, presented, and compared with the
// round before. What it remembers between rounds is in the tracks; everything shown is computed anew each time.
import type { InstanceChanges } from '#contract/events'
import { type Instance, type InstanceList, type Notice, SCHEMA_VERSION } from '#contract/instance'
import type {
  EntryFate,
  InstanceFacts,
  Judgement,
  ProcessIdentity,
  ProcessSource,
  ProcessTable,
  RegistryEntry,
  RegistryReading,
  SeenFacts,
  SerenaProcess,
} from '../../facts.ts'
import type { ConnectionHints } from '../../os/connection-facts.ts'
import { createConnections } from './connections.ts'
import { diffLists, passedTabs } from './diff.ts'
import { createGroup, type GroupDeps } from './group.ts'
import { createHelperWatch } from './helper-watch.ts'
import { realFolder } from './home-of-instance.ts'
import { isLeft, type JoinedEntry, joinRegistry } from './join.ts'
import { joinTracked } from './join-remotes.ts'
import { createLeftovers, type LastSeen, type LeftTree } from './leftovers.ts'
import { emptyList, insideOf, isAskable, noticesOf, oldestFirst, onePerId } from './list-parts.ts'
import { createNetworkClients } from './network-clients.ts'
import { entryId, instanceId, type PresentInput, present, seenOf } from './present.ts'
import { createStrangers } from './strangers.ts'
import { createTrack, type Track, type TrackDeps, unreadAmong } from './tracks.ts'
import { createUsageMeter, type TreeUsage, treeOf } from './usage.ts'

/** News that arrive together are told together. */
const GATHER_NEWS_MS = 40

export interface SweepDeps extends Omit<TrackDeps, 'source' | 'onNews' | 'now' | 'homesToTry'>, GroupDeps {
  source: ProcessSource
  findSerenas: (table: ProcessTable, connections: ConnectionHints) => readonly SerenaProcess[]
  readRegistry: (serenaHomes: readonly string[]) => Promise<RegistryReading>
  judge: (facts: InstanceFacts) => Judgement
  /** Our own home, looked at even when no process has it. */
  ownSerenaHome: string
  /** A Serena's process has ended; `instance`: as it was shown last, null: it never was. */
  onEnded?: (track: Track, instance: Instance | null) => void
  /** It said so itself, and has proven it. */
  hasRegisteredItself?: (identity: ProcessIdentity) => boolean
  /** What other features have to say to the person. */
  moreNotices?: () => readonly Notice[]
  /** SERENA_DECK_ONLY_HOMES: nothing of other homes is looked at; null: all. */
  onlyHomes: readonly string[] | null
  /** Us: never anybody's leftover. */
  ownPid: number
}

export interface Sweep {
  current(): InstanceList
  /** One round. `isPatient`: waits for the dashboards' answers as well, else they are told when they come. */
  round(options: { isPatient: boolean }): Promise<InstanceList>
  subscribe(onChanges: (changes: InstanceChanges) => void): () => void
  /** The tracks of the Serenas that live. */
  tracks(): readonly Track[]
  /** The track of an instance by its id; null: there is none any more. */
  find(id: string): Track | null
  /** The registry entry that is an instance of its own, for want of a process; null: there is none of that id. */
  findLeft(id: string): { entry: RegistryEntry; fate: EntryFate } | null
  /** What a gone Serena left behind, by its id; null: there is none of that id. */
  findLeftTree(id: string): LeftTree | null
  /** Every registry entry of the last round, with what became of it, and what of the files could not be used. */
  registry(): { joined: readonly JoinedEntry[]; problems: readonly string[] }
  /** The SERENA_HOME of a process that was found; null: not known. */
  homeOf(identity: ProcessIdentity): string | null
  isInScope(serenaHome: string): boolean
  /** Asks the dashboard of a track if that is due (`isAsked`: whether it is or not), and tells what is new. */
  probe(track: Track, hasMoved: boolean, isAsked?: boolean): Promise<void>
  /** What the connections of the instances say of launchers and clients. */
  connections(): ConnectionHints
  /** True for every process of the trees found in the last round, whether they are shown or not. */
  knows(identity: ProcessIdentity): boolean
  /** Computes and tells soon: something became known between rounds. */
  announce(): void
  forgetMisses(): void
  /** A person asks for the end of these: it says nothing of their clients. */
  ignoreEnds(ids: readonly string[]): void
  close(): Promise<void>
}

interface Round {
  serenas: readonly SerenaProcess[]
  left: readonly LeftTree[]
  known: ReadonlySet<ProcessIdentity>
  joined: readonly JoinedEntry[]
  problems: readonly string[]
  serenaHomes: readonly string[]
  notices: readonly Notice[]
  sweptAtMs: number
}

/** A sweep that remembers. It has no clock of its own: see `pulse.ts`. */
export function createSweep(deps: SweepDeps): Sweep {
  const { source, clock, onlyHomes } = deps
  const ownHome = realFolder(deps.ownSerenaHome)
  const scope = onlyHomes?.map(realFolder) ?? null
  const tracks = new Map<string, Track>()
  /** By the id of the entry that is left of it. */
  const seen = new Map<string, SeenFacts>()
  let usages: ReadonlyMap<string, TreeUsage> = new Map()
  const meter = createUsageMeter(source)
  const group = createGroup(deps)
  const subscribers = new Set<(changes: InstanceChanges) => void>()
  let latest: Round = {
    serenas: [],
    left: [],
    known: new Set(),
    joined: [],
    problems: [],
    serenaHomes: [],
    notices: [],
    sweptAtMs: clock.wall(),
  }
  let list: InstanceList = emptyList(clock.wall())
  let newsTimer: ReturnType<typeof setTimeout> | null = null
  let isClosed = false

  const strangers = createStrangers({
    source,
    connect: deps.connect,
    now: clock.monotonic,
    ownPort: deps.ownPort,
    onNews: tellSoon,
  })
  const trackDeps: TrackDeps = {
    ...deps,
    now: clock.monotonic,
    onNews: tellSoon,
    homesToTry: scope ?? [ownHome],
  }
  const connections = createConnections(source)
  const networkClients = createNetworkClients(source)
  const leftovers = createLeftovers({ now: clock.monotonic, ownPid: deps.ownPid, ownUid: source.ownUid })
  const isInScope = (home: string | null): boolean =>
    scope === null || (home !== null && scope.includes(home))
  const helpers = createHelperWatch(source, isInScope)

  async function gather(isAsked: boolean): Promise<void> {
    const table = await source.list()
    const find = (): SerenaProcess[] => {
      const found = deps.findSerenas(table, connections.hints())
      return [...found, ...unreadAmong([...tracks.values()], found, table)]
    }
    const isShown = ({ process }: SerenaProcess): boolean =>
      isInScope(tracks.get(process.identity)?.serenaHome ?? null)
    let serenas = find()
    const nowMs = clock.wall()
    await renewTracks(serenas, nowMs)
    // A connection seen for the first time tells launchers and clients that no name tells.
    if (await connections.look(serenas.filter(isShown))) serenas = find()
    const shown = joinTracked(serenas.filter(isShown), tracks, table)
    await renewListeners(shown)
    for (const serena of shown) {
      const { identity } = serena.process
      await tracks.get(identity)?.renewClient(serena, table, connections.of(identity))
    }
    await networkClients.renew(tracks, shown, table)
    leftovers.renew({ shown, serenas, table }, lastSeen)
    const left = leftovers.known()
    await renewUsages(shown, left)
    await helpers.renew(table, serenas, clock.monotonic())
    const serenaHomes = homesToRead(shown)
    const registry = await deps.readRegistry(serenaHomes)
    // Only entries of others may mean a process by its pid inside a container.
    const hasForeign = registry.entries.some(({ identity }) => identity === null)
    const innerPids = (hasForeign && (await source.innerPids?.(table))) || new Set<number>()
    // Nobody can say which home a stranger has.
    if (scope === null) await strangers.renew(serenas, isAsked)
    latest = {
      serenas: shown,
      left,
      known: new Set(serenas.flatMap(treeOf).map(({ identity }) => identity)),
      joined: joinRegistry({
        table,
        serenas,
        entries: registry.entries,
        pidNamespace: source.pidNamespace,
        innerPids,
        inside: insideOf([...tracks.values()]),
      }),
      problems: registry.problems.map(({ text }) => text),
      serenaHomes,
      notices: noticesOf(registry, source.notice?.() ?? null),
      sweptAtMs: nowMs,
    }
    forgetSeen()
  }

  async function renewTracks(serenas: readonly SerenaProcess[], nowMs: number): Promise<void> {
    const alive = new Set(serenas.map(({ process }) => process.identity))
    for (const [identity, track] of tracks) {
      if (alive.has(identity)) continue
      const input = inputOf(track)
      for (const entry of input.facts.entries) seen.set(entryId(entry), seenOf(input))
      tracks.delete(identity)
      const id = instanceId(identity, track.serena.process.pid)
      deps.onEnded?.(track, list.instances.find((instance) => instance.id === id) ?? null)
      void track.close()
    }
    for (const serena of serenas) {
      const { identity, startedAtMs } = serena.process
      const track = tracks.get(identity) ?? createTrack(serena, trackDeps)
      tracks.set(identity, track)
      await track.renew(serena, nowMs - startedAtMs, nowMs)
    }
  }

  function forgetSeen(): void {
    if (seen.size === 0) return
    const left = new Set(latest.joined.map(({ entry }) => entryId(entry)))
    for (const id of seen.keys()) if (!left.has(id)) seen.delete(id)
  }

  async function renewListeners(shown: readonly SerenaProcess[]): Promise<void> {
    const own = shown.filter(({ process }) => process.uid === null || process.uid === source.ownUid)
    const found = await source.listeners(own.map(({ process }) => process))
    for (const { process } of shown)
      tracks.get(process.identity)?.renewListeners(found.get(process.pid) ?? null)
  }

  async function renewUsages(shown: readonly SerenaProcess[], left: readonly LeftTree[]): Promise<void> {
    const nowMs = clock.monotonic()
    const ofLeft = left.map(({ id, living }) => [id, living] as const)
    const all = [...shown.map((one) => [one.process.identity, treeOf(one)] as const), ...ofLeft]
    const measured = new Map<string, TreeUsage>()
    for (const [key, tree] of all) measured.set(key, await meter.measure(tree, nowMs))
    usages = measured
    meter.retain(new Set(all.flatMap(([, tree]) => tree.map(({ identity }) => identity))))
  }

  /** What the last list said of a Serena, for when it is gone. */
  function lastSeen(identity: ProcessIdentity): LastSeen | null {
    const track = tracks.get(identity)
    if (!track) return null
    const id = instanceId(identity, track.serena.process.pid)
    const shown = list.instances.find((instance) => instance.id === id)
    return { project: shown?.project ?? null, serenaHome: track.serenaHome }
  }

  function homesToRead(shown: readonly SerenaProcess[]): readonly string[] {
    if (scope) return scope
    const homes = shown.map(({ process }) => tracks.get(process.identity)?.serenaHome ?? null)
    return [...new Set([ownHome, ...homes.filter((home) => home !== null)])]
  }

  function factsOf(track: Track): InstanceFacts {
    const { process } = track.serena
    const entries = latest.joined.filter(({ serena }) => serena?.process.identity === process.identity)
    return {
      serena: track.serena,
      details: track.details,
      entries: entries.map(({ entry }) => entry),
      entryFate: null,
      listeners: track.listeners,
      dashboard: track.watch?.knowledge() ?? null,
      // A clock that is set back makes nobody younger than we have known it.
      ageMs: Math.max(clock.wall() - process.startedAtMs, clock.monotonic() - track.firstSeenAtMs),
      nowMs: clock.wall(),
      monotonicMs: clock.monotonic(),
      ownUid: source.ownUid,
      projectByCommand: track.projectByCommand,
      client: track.client,
      remote: track.remote,
      isExecuting: track.isExecuting,
      hasRegisteredItself: deps.hasRegisteredItself?.(process.identity) ?? false,
    }
  }

  function inputOf(track: Track): PresentInput {
    const facts = factsOf(track)
    return {
      facts,
      judgement: deps.judge(facts),
      usage: usages.get(track.serena.process.identity) ?? null,
      owner: networkClients.withBridge(track.owner),
      clients: networkClients.clientsOf(track.serena.process.identity),
      serenaVersionByLog: track.serenaVersionByLog,
      logModifiedAtMs: track.logModifiedAtMs,
      quietSinceMs: track.quietSinceMs,
    }
  }

  /** An instance that is no Serena's process: an entry, a port, or what one left behind. */
  function instanceOf(known: Partial<InstanceFacts>, usage: TreeUsage | null = null): Instance {
    const facts: InstanceFacts = {
      serena: null,
      details: null,
      ageMs: null,
      nowMs: clock.wall(),
      monotonicMs: clock.monotonic(),
      ownUid: source.ownUid,
      projectByCommand: null,
      entries: [],
      entryFate: null,
      listeners: null,
      dashboard: null,
      ...known,
    }
    const nothing = { usage, owner: null, serenaVersionByLog: null, logModifiedAtMs: null }
    return present({ facts, judgement: deps.judge(facts), ...nothing })
  }

  function compute(): InstanceList {
    const live = latest.serenas
      .map(({ process }) => tracks.get(process.identity))
      .filter((track) => track !== undefined)
    const left = latest.joined.filter(isLeft)
    const instances = [
      ...group.flagged(live.map((track) => ({ track, instance: present(inputOf(track)) }))),
      ...onePerId(left).map(({ entry, fate }) =>
        instanceOf({ entries: [entry], entryFate: fate, seen: seen.get(entryId(entry)) ?? null }),
      ),
      ...latest.left.map((leftTree) => instanceOf({ leftTree }, usages.get(leftTree.id) ?? null)),
      ...strangers.known().map(({ listener, dashboard }) => instanceOf({ listeners: [listener], dashboard })),
    ]
    return {
      schema: SCHEMA_VERSION,
      sweptAt: new Date(latest.sweptAtMs).toISOString(),
      serenaHomes: [...latest.serenaHomes],
      instances: instances.sort(oldestFirst),
      notices: [...latest.notices, ...(deps.moreNotices?.() ?? [])],
      helperProcesses: helpers.known(),
    }
  }

  /** Computes the list anew and tells what changed. */
  function tell(): void {
    if (newsTimer) clearTimeout(newsTimer)
    newsTimer = null
    if (isClosed) return
    const before = list
    list = compute()
    const changes = diffLists(before, list, passedTabs(before, latest.serenas))
    if (changes) for (const onChanges of subscribers) onChanges(changes)
  }

  function tellSoon(): void {
    newsTimer ??= setTimeout(tell, GATHER_NEWS_MS)
  }

  async function probe(track: Track, hasMoved: boolean, isAsked = false): Promise<void> {
    if (!isAskable(track)) return
    if (await track.watch?.probe(hasMoved, isAsked)) tellSoon()
    track.renewExecution(hasMoved)
  }

  return {
    current: () => list,
    async round({ isPatient }) {
      await gather(isPatient)
      const probing = [...tracks.values()]
        .filter(({ serenaHome }) => isInScope(serenaHome))
        .map((track) => probe(track, false))
      probing.push(strangers.probe())
      if (isPatient) await Promise.all(probing)
      tell()
      return list
    },
    subscribe(onChanges) {
      subscribers.add(onChanges)
      return () => subscribers.delete(onChanges)
    },
    tracks: () => latest.serenas.flatMap(({ process }) => tracks.get(process.identity) ?? []),
    find(id) {
      for (const track of tracks.values()) {
        const { identity, pid } = track.serena.process
        if (instanceId(identity, pid) === id && isInScope(track.serenaHome)) return track
      }
      return null
    },
    findLeft(id) {
      for (const { entry, fate } of latest.joined) if (fate && entryId(entry) === id) return { entry, fate }
      return null
    },
    findLeftTree: (id) => latest.left.find((one) => one.id === id) ?? null,
    registry: () => ({ joined: latest.joined, problems: latest.problems }),
    homeOf: (identity) => tracks.get(identity)?.serenaHome ?? null,
    isInScope: (home) => isInScope(realFolder(home)),
    probe,
    connections: connections.hints,
    knows: (identity) => latest.known.has(identity),
    announce: tellSoon,
    ignoreEnds: group.ignoreEnds,
    forgetMisses() {
      for (const track of tracks.values()) track.watch?.forgetMisses()
    },
    async close() {
      isClosed = true
      if (newsTimer) clearTimeout(newsTimer)
      await Promise.all([...tracks.values()].map((track) => track.close()))
      await strangers.close()
    },
  }
}
