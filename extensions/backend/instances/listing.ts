// The facts of a round and the tracks -> the list of instances, judged and presented. Remembers what is shown of a registry entry
// whose process exited.
import type { Instance, Project } from '#contract/instance'
import type { ProjectLabel } from '#contract/project-label'
import type { ProcessIdentity } from '../os/process-identity.ts'
import { entryId } from '../registry/entry-id.ts'
import { isListed, type JoinedEntry } from '../registry/join-registry.ts'
import type { InstanceFacts, Judgment, SeenFacts } from '../verdict/instance-facts.ts'
import { createGroup, type GroupDeps } from './group.ts'
import type { HubInstances } from './hub-instances.ts'
import type { ListParts } from './instance-store.ts'
import { type PresentInput, present, seenOf } from './present.ts'
import type { Round } from './round.ts'
import type { RoundFacts } from './round-facts.ts'
import type { Strangers } from './strangers.ts'
import type { Track } from './track.ts'
import type { Tracks } from './tracks.ts'
import type { TreeUsage } from './usage.ts'

export interface ListingDeps extends GroupDeps {
  judge: (facts: InstanceFacts) => Judgment
  ownUid: number | null
  /** It registered itself, and this is proven. */
  hasRegisteredItself?: (identity: ProcessIdentity) => boolean
  /** Instances of other homes are not shown. */
  isInScope: (serenaHome: string) => boolean
  /** What the user keeps for a project; null: nothing. */
  labelOf?: (project: Project | null) => ProjectLabel | null
}

export interface ListingSources {
  round: Pick<Round, 'latest' | 'network'>
  tracks: Pick<Tracks, 'of'>
  strangers: Pick<Strangers, 'known'>
  hub: Pick<HubInstances, 'useOf' | 'sleepers'>
}

export interface Listing {
  compute(): ListParts
  /** Keeps what was last known of an instance for its registry entries. */
  remember(track: Track): void
  /** The user ended these: they do not count as restarts by their clients. */
  ignoreEnds(ids: readonly string[]): void
}

/** Computes the list from these sources. */
export function createListing(sources: ListingSources, deps: ListingDeps): Listing {
  const { round, tracks, strangers, hub } = sources
  const group = createGroup(deps)
  /** By the id of the registry entry. */
  const seen = new Map<string, SeenFacts>()

  /** An instance without a Serena process: an entry, a port, or what a Serena left behind. */
  const withoutProcess = (known: Partial<InstanceFacts>, usage: TreeUsage | null = null): Instance => {
    const facts = { ...noFacts(deps), ...known }
    return present({ facts, judgement: deps.judge(facts), ...NOT_KNOWN, usage })
  }

  function forgetSeen(joined: readonly JoinedEntry[]): void {
    if (seen.size === 0) return
    const left = new Set(joined.map(({ entry }) => entryId(entry)))
    for (const id of seen.keys()) if (!left.has(id)) seen.delete(id)
  }

  return {
    ignoreEnds: group.ignoreEnds,
    remember(track) {
      const input = inputOf(track, sources, deps)
      for (const entry of input.facts.entries) seen.set(entryId(entry), seenOf(input))
    },
    compute() {
      const { serenas, joined, left, usages, sweptAtMs, serenaHomes, helperProcesses } = round.latest()
      forgetSeen(joined)
      const live = serenas.flatMap(({ process }) => tracks.of(process.identity) ?? [])
      const instances = [
        ...group.flagged(live.map((track) => ({ track, instance: present(inputOf(track, sources, deps)) }))),
        ...onePerId(joined.filter(isListed)).map(({ entry, status }) =>
          withoutProcess({ entries: [entry], entryStatus: status, seen: seen.get(entryId(entry)) ?? null }),
        ),
        ...left.map((leftTree) => withoutProcess({ leftTree }, usages.get(leftTree.id))),
        ...strangers
          .known()
          .map(({ listener, dashboard }) => withoutProcess({ listeners: [listener], dashboard })),
        ...hub.sleepers(live, deps.isInScope),
      ]
      return {
        sweptAt: new Date(sweptAtMs).toISOString(),
        serenaHomes: [...serenaHomes],
        instances: instances
          .map((one) => withLabel(one, deps.labelOf?.(one.project) ?? null))
          .sort(oldestFirst),
        helperProcesses: [...helperProcesses],
      }
    },
  }
}

const NOT_KNOWN = { usage: null, owner: null, serenaVersionByLog: null, logModifiedAtMs: null }

const noFacts = ({ clock, ownUid }: ListingDeps): InstanceFacts => ({
  serena: null,
  details: null,
  ageMs: null,
  nowMs: clock.wall(),
  monotonicMs: clock.monotonic(),
  ownUid,
  projectByCommand: null,
  entries: [],
  entryStatus: null,
  listeners: null,
  dashboard: null,
})

function inputOf(track: Track, { round, hub }: ListingSources, deps: ListingDeps): PresentInput {
  const { identity } = track.serena.process
  const { logHead, logModifiedAtMs } = track.home
  const latest = round.latest()
  const use = hub.useOf(track)
  const facts = { ...factsOf(track, latest, deps), hub: use && { clients: use.clients.length } }
  return {
    facts,
    hub: use,
    judgement: deps.judge(facts),
    usage: latest.usages.get(identity) ?? null,
    owner: round.network.withBridge(track.owner()),
    clients: round.network.clientsOf(identity),
    serenaVersionByLog: logHead?.serenaVersion ?? null,
    logModifiedAtMs,
    quietSinceMs: track.work.quietSinceMs(),
  }
}

function factsOf(track: Track, { entriesOf }: RoundFacts, deps: ListingDeps): InstanceFacts {
  const { clock, hasRegisteredItself } = deps
  const { process } = track.serena
  return {
    ...noFacts(deps),
    serena: track.serena,
    details: track.home.details,
    entries: entriesOf.get(process.identity) ?? [],
    listeners: track.dashboard.listeners(),
    dashboard: track.dashboard.watch()?.knowledge() ?? null,
    // A wall clock that is set back makes no process younger than it has been known.
    ageMs: Math.max(clock.wall() - process.startedAtMs, clock.monotonic() - track.firstSeenAtMs),
    projectByCommand: track.project,
    client: track.client(),
    remote: track.remote.facts(),
    isExecuting: track.work.isExecuting(),
    hasRegisteredItself: hasRegisteredItself?.(process.identity) ?? false,
  }
}

const withLabel = (instance: Instance, kept: ProjectLabel | null): Instance =>
  kept === null
    ? instance
    : {
        ...instance,
        ...(kept.label !== null && { label: kept.label }),
        ...(kept.note !== null && { note: kept.note }),
        ...(kept.isLeftAlone && { isLeftAlone: true }),
      }

/** The newest of those with the same id. */
const onePerId = (joined: readonly JoinedEntry[]): JoinedEntry[] => [
  ...new Map(joined.map((one) => [entryId(one.entry), one])).values(),
]

function oldestFirst(a: Instance, b: Instance): number {
  const byAge = (a.startedAt ?? '').localeCompare(b.startedAt ?? '')
  return byAge || (a.pid ?? 0) - (b.pid ?? 0) || (a.port ?? 0) - (b.port ?? 0)
}
