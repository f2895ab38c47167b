// Compares the instances of a round with each other, and adds the flags that follow.
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { FLAGS, type FlagNote, type Instance } from '#contract/instance'
import { briefOwnerWords } from '#contract/owner-words'
import { markClient } from '../clients/owner.ts'
import { memoize } from '../lib/memoize.ts'
import type { ProcessFact } from '../os/process-facts.ts'
import type { ProcessIdentity } from '../os/process-identity.ts'
import { treeOf } from '../serena/serena-process.ts'
import type { GroupMember, GroupNotes, Spawn } from '../verdict/flags/group-facts.ts'
import { isLaunchedIde } from './launched-ide.ts'
import { createRealFolders } from './real-folders.ts'
import { createSpawnHistory, type RunningStart } from './spawn-history.ts'
import type { Track } from './track.ts'
import { findUnexpanded, type Unexpanded } from './unexpanded.ts'

export interface GroupDeps {
  findFlags: (members: readonly GroupMember[], spawns: readonly Spawn[], nowMs: number) => GroupNotes
  clock: { wall: () => number; monotonic: () => number }
}

export interface TrackedInstance {
  track: Track
  instance: Instance
}

export interface Group {
  /** The instances with the flags that follow from each other and from earlier starts, and the notes to those. */
  flagged(tracked: readonly TrackedInstance[]): Instance[]
  /** The user ended these: they do not count as restarts by their client. */
  ignoreEnds(ids: readonly string[]): void
}

/** What is remembered of an owner does not change. */
const markOf = memoize(markClient)

/** Remembers the starts of the last minutes. */
export function createGroup({ findFlags, clock }: GroupDeps): Group {
  const history = createSpawnHistory()
  const realFolderOf = createRealFolders(clock.monotonic)
  /** Of the instances of the last round, by id. */
  let identities: ReadonlyMap<string, ProcessIdentity> = new Map()
  return {
    ignoreEnds: (ids) => history.ignore(ids.flatMap((id) => identities.get(id) ?? [])),
    flagged(tracked) {
      const nowMs = clock.wall()
      const settled = tracked.filter(({ track }) => !track.serena.isLauncherOnly)
      identities = new Map(settled.map(({ track, instance }) => [instance.id, track.serena.process.identity]))
      const members = settled.map((one) => memberOf(one, clock, realFolderOf))
      history.renew(
        settled.flatMap((one, at) => spawnOf(one, members[at])),
        nowMs,
      )
      const notes = findFlags(members, history.starts(), nowMs)
      return tracked.map(({ instance }) => withNotes(instance, notes.get(instance.id) ?? []))
    },
  }
}

function spawnOf({ track, instance }: TrackedInstance, member: GroupMember | undefined): RunningStart[] {
  // The hub ends and starts its Serenas as their clients call.
  if (!member?.client || instance.hubSerena !== undefined) return []
  const { identity } = track.serena.process
  const { client, argumentsKey, startedAtMs } = member
  return [{ identity, clientKey: client.key, argumentsKey, startedAtMs }]
}

function memberOf(
  { track, instance }: TrackedInstance,
  { wall, monotonic }: GroupDeps['clock'],
  realFolderOf: (path: string) => string,
): GroupMember {
  const { serena } = track
  const owner = track.owner()
  const running = track.work.running()
  const overview = track.dashboard.watch()?.knowledge()?.overview
  return {
    id: instance.id,
    title: instance.title,
    state: instance.state,
    isStdio: serena.command.transport === 'stdio',
    startedAtMs: serena.process.startedAtMs,
    projectRoot: instance.project?.path ? realFolderOf(instance.project.path) : null,
    languageServers: overview?.languageServers ?? [],
    // Null once the client has exited, even if another process is the parent now.
    client: owner && instance.owner ? { ...markOf(owner), label: briefOwnerWords(instance.owner) } : null,
    commandKey: (treeOf(serena)[0]?.argv ?? []).join('\0'),
    argumentsKey: JSON.stringify(serena.command),
    lastActivityAtMs: instance.lastActivityAt === null ? null : Date.parse(instance.lastActivityAt),
    cpuPercent: instance.cpuPercent,
    serenaVersion: instance.serenaVersion,
    newerSerenaVersion: overview?.newerSerenaVersion ?? null,
    removed: track.removed,
    unexpanded: unexpandedOf(track),
    running: running && {
      name: running.name,
      sinceMs: wall() - (monotonic() - running.sinceMs),
      waitsForIde: isWaitingForIde(running.name, serena.descendants, instance),
    },
  }
}

/** A hanging shell command is stuck, regardless of other processes below the same Serena. */
const isWaitingForIde = (task: string, below: readonly ProcessFact[], { project }: Instance): boolean =>
  !/ExecuteShellCommand/i.test(task) &&
  below.some((fact) => fact.sid !== fact.pid && isLaunchedIde(fact, project?.path ?? null))

function unexpandedOf({ serena, home: { details } }: Track): Unexpanded | null {
  const values = [
    { where: '--project', value: serena.command.project },
    { where: 'SERENA_HOME', value: details?.environment?.['SERENA_HOME'] ?? null },
  ]
  const cwd = details?.cwd ?? null
  return findUnexpanded(values, (value) => cwd !== null && existsSync(resolve(cwd, value)))
}

function withNotes(instance: Instance, flagNotes: readonly FlagNote[]): Instance {
  if (flagNotes.length === 0) return instance
  const has = new Set([...instance.flags, ...flagNotes.map(({ flag }) => flag)])
  const { certainty, evidence } = instance.verdict
  return {
    ...instance,
    flags: FLAGS.filter((flag) => has.has(flag)),
    flagNotes: [...flagNotes],
    verdict: { certainty, evidence: [...evidence, ...flagNotes.map(({ text }) => text)] },
  }
}
