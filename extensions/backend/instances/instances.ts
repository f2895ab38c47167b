// The instances of this machine: rounds find them, tracks remember them, the listing judges them, the store publishes them. No clock
// of its own: see scheduler.ts.
import type { Instance, InstanceList } from '#contract/instance'
import type { ProcessSource } from '../os/process-facts.ts'
import { realFolder } from '../serena/home-of-instance.ts'
import { findHandovers, findHubHandovers } from './diff.ts'
import { makeHomeScope } from './home-scope.ts'
import { createHubInstances, type HubView } from './hub-instances.ts'
import { createInstanceStore, type InstanceStore } from './instance-store.ts'
import { createListing, type Listing, type ListingDeps } from './listing.ts'
import { type Lookup, makeLookup } from './lookup.ts'
import type { NoticeBoard } from './notices.ts'
import { createPublisher } from './publisher.ts'
import { createRound, type Round, type RoundDeps } from './round.ts'
import { createStrangers } from './strangers.ts'
import { createTrack, isAskable, type Track, type TrackDeps } from './track.ts'
import { createTracks, idOf, type Tracks } from './tracks.ts'

export interface InstancesDeps
  extends Omit<TrackDeps, 'source' | 'onNews' | 'now' | 'homesToTry'>,
    Omit<ListingDeps, 'ownUid' | 'isInScope'>,
    Pick<RoundDeps, 'findSerenas' | 'readRegistry' | 'ownPid'> {
  source: ProcessSource
  notices: NoticeBoard
  hub: HubView
  /** Our own home, read even when no process has it. */
  ownSerenaHome: string
  /** SERENA_DECK_ONLY_HOMES: instances of other homes are not shown; null: all. */
  onlyHomes: readonly string[] | null
  /** A Serena's process has ended; `instance`: as it was listed last, null: it never was. */
  onEnded?: (track: Track, instance: Instance | null) => void
  /** A scan is complete, also one without changes. */
  onScan?: (list: InstanceList) => void
}

export interface Instances extends Lookup, Pick<InstanceStore, 'current' | 'subscribe'> {
  /**
   * One scan. `isPatient`: waits for the answers of the dashboards, otherwise they are published when they come. `mayKeep`: what was
   * read of instances at rest may be used again; never before an ending.
   */
  round(options: { isPatient: boolean; mayKeep?: boolean }): Promise<InstanceList>
  /** Probes the dashboard of a track if that is due, or `isAsked`, and publishes changes. */
  probe(track: Track, hasMoved: boolean, isAsked?: boolean): Promise<void>
  /** Recomputes the verdicts and publishes soon: new facts arrived between rounds. */
  refresh(): void
  forgetMisses(): void
  ignoreEnds: Listing['ignoreEnds']
  close(): void
}

/** Creates the instances of one deck; the list is empty before the first round. */
export function createInstances(deps: InstancesDeps): Instances {
  const { source, clock, notices } = deps
  const scope = makeHomeScope(deps.onlyHomes, deps.ownSerenaHome)
  const store = createInstanceStore(notices.current, clock.wall())
  const publisher = createPublisher(store, () => {
    const list = listing.compute()
    return { list, handovers: handoversTo(list.instances, store, round) }
  })
  const onNews = publisher.request
  const watching = { ...deps, now: clock.monotonic, onNews, homesToTry: scope.homesToTry }
  const strangers = createStrangers(watching)
  const tracks = createTracks((serena) => createTrack(serena, watching), onEnded)
  const hub = createHubInstances(deps.hub.current)
  const lastSeen = lastSeenIn(tracks, store)
  const round = createRound({ ...deps, hubInstances: hub, scope, tracks, strangers, lastSeen })
  const isInScope = (serenaHome: string): boolean => scope.isInScope(realFolder(serenaHome))
  const listing = createListing(
    { round, tracks, strangers, hub },
    { ...deps, isInScope, ownUid: source.ownUid },
  )
  notices.add(() => round.latest().notices)
  notices.onChange(publisher.requestNotices)

  function onEnded(track: Track): void {
    listing.remember(track)
    // A crash in another home is not reported, like the instance itself.
    if (scope.isInScope(track.home.serenaHome)) deps.onEnded?.(track, store.find(idOf(track)))
  }

  async function probe(track: Track, hasMoved: boolean, isAsked = false): Promise<void> {
    if (!isAskable(track)) return
    if (await track.dashboard.watch()?.probe(hasMoved, isAsked)) onNews()
    track.renewExecution(hasMoved)
  }

  return {
    ...makeLookup(round, tracks, scope),
    current: store.current,
    subscribe: store.subscribe,
    async round({ isPatient, mayKeep = false }) {
      await round.run({ isAsked: isPatient, mayKeep })
      const inScope = tracks.all().filter(({ home }) => scope.isInScope(home.serenaHome))
      const probing = [...inScope.map((track) => probe(track, false)), strangers.probe()]
      if (isPatient) await Promise.all(probing)
      publisher.publish()
      deps.onScan?.(store.current())
      return store.current()
    },
    probe,
    refresh: onNews,
    ignoreEnds: listing.ignoreEnds,
    forgetMisses: () => tracks.all().forEach((track) => track.dashboard.watch()?.forgetMisses()),
    close() {
      store.close()
      publisher.cancel()
      tracks.close()
      strangers.close()
    },
  }
}

const handoversTo = (
  instances: readonly Instance[],
  store: Pick<InstanceStore, 'current'>,
  round: Pick<Round, 'latest'>,
): ReturnType<typeof findHandovers> => {
  const before = store.current().instances
  return [...findHandovers(before, round.latest().serenas), ...findHubHandovers(before, instances)]
}

const lastSeenIn =
  (tracks: Pick<Tracks, 'of'>, store: Pick<InstanceStore, 'find'>): RoundDeps['lastSeen'] =>
  (identity) => {
    const track = tracks.of(identity)
    return track && { project: store.find(idOf(track))?.project ?? null, serenaHome: track.home.serenaHome }
  }
