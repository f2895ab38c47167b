// The instances of a round beside each other: makes of each what is compared, and adds to each what that says.
import { FLAGS, type FlagNote, type Instance } from '#contract/instance'
import { briefOwnerWords } from '#contract/owner-words'
import type { GroupMember, GroupNotes, ProcessFact, ProcessIdentity, Spawn } from '../../facts.ts'
import { isLaunchedIde } from '../../lib/launched-ide.ts'
import { realFolder } from './home-of-instance.ts'
import { markClient } from './owner.ts'
import { createSpawnHistory, type Living } from './spawn-history.ts'
import type { Track } from './tracks.ts'
import { treeOf } from './usage.ts'

export interface GroupDeps {
  findFlags: (members: readonly GroupMember[], spawns: readonly Spawn[], nowMs: number) => GroupNotes
  clock: { wall: () => number; monotonic: () => number }
}

export interface Seen {
  track: Track
  instance: Instance
}

export interface Group {
  /** The instances with the flags that they have by each other and by what was before, and their words. */
  flagged(seen: readonly Seen[]): Instance[]
  /** The end of these is asked for by a person: it says nothing of how often their client starts them. */
  ignoreEnds(ids: readonly string[]): void
}

/** Remembers the starts of the last minutes. */
export function createGroup({ findFlags, clock }: GroupDeps): Group {
  const history = createSpawnHistory()
  /** Of the instances of the last round, by id. */
  let identities: ReadonlyMap<string, ProcessIdentity> = new Map()
  return {
    ignoreEnds: (ids) => history.ignore(ids.flatMap((id) => identities.get(id) ?? [])),
    flagged(seen) {
      const nowMs = clock.wall()
      const settled = seen.filter(({ track }) => !track.serena.isLauncherOnly)
      identities = new Map(settled.map(({ track, instance }) => [instance.id, track.serena.process.identity]))
      const members = settled.map((one) => memberOf(one, clock))
      history.renew(
        settled.flatMap(({ track }, at) => spawnOf(track, members[at])),
        nowMs,
      )
      const notes = findFlags(members, history.starts(), nowMs)
      return seen.map(({ instance }) => withNotes(instance, notes.get(instance.id) ?? []))
    },
  }
}

function spawnOf(track: Track, member: GroupMember | undefined): Living[] {
  if (!member?.client) return []
  const { identity } = track.serena.process
  const { client, argumentsKey, startedAtMs } = member
  return [{ identity, clientKey: client.key, argumentsKey, startedAtMs }]
}

function memberOf({ track, instance }: Seen, { wall, monotonic }: GroupDeps['clock']): GroupMember {
  const { serena, owner, running } = track
  const overview = track.watch?.knowledge()?.overview
  return {
    id: instance.id,
    title: instance.title,
    state: instance.state,
    isStdio: serena.command.transport === 'stdio',
    startedAtMs: serena.process.startedAtMs,
    projectRoot: instance.project?.path ? realFolder(instance.project.path) : null,
    languageServers: overview?.languageServers ?? [],
    // Null once the client has ended, whoever stands above now.
    client: owner && instance.owner ? { ...markClient(owner), words: briefOwnerWords(instance.owner) } : null,
    commandKey: (treeOf(serena)[0]?.argv ?? []).join('\0'),
    argumentsKey: JSON.stringify(serena.command),
    lastActivityAtMs: instance.lastActivityAt === null ? null : Date.parse(instance.lastActivityAt),
    cpuPercent: instance.cpuPercent,
    serenaVersion: instance.serenaVersion,
    newerSerenaVersion: overview?.newerSerenaVersion ?? null,
    running: running && {
      name: running.name,
      sinceMs: wall() - (monotonic() - running.sinceMs),
      waitsForIde: isWaitingForIde(running.name, serena.descendants, instance),
    },
  }
}

/** A shell command that hangs is stuck, whatever else runs below the same Serena. */
const isWaitingForIde = (task: string, below: readonly ProcessFact[], { project }: Instance): boolean =>
  !/ExecuteShellCommand/i.test(task) &&
  below.some((fact) => fact.sid !== fact.pid && isLaunchedIde(fact, project?.path ?? null))

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
