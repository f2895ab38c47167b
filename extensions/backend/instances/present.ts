// The facts and the verdict of one instance -> the published instance. Pure.

import { type Instance, type Project, type Source, STATE_COLOUR } from '#contract/instance'
import { formatLeftTitle, formatTitle } from '#contract/title'
import { describeOwner, type OwnerFacts } from '../clients/owner.ts'
import type { DashboardKnowledge } from '../dashboards/dashboard-facts.ts'
import { connectAddress } from '../lib/network-address.ts'
import { entryId } from '../registry/entry-id.ts'
import { instanceId } from '../serena/instance-id.ts'
import type { InstanceFacts, Judgment, SeenFacts } from '../verdict/instance-facts.ts'
import type { HubUse } from './hub-instances.ts'
import type { TreeUsage } from './usage.ts'

/** Memory is rounded to steps, so that small movements of a heap are not changes. */
export const MEMORY_STEP_BYTES = 256 * 1024

export interface PresentInput {
  facts: InstanceFacts
  judgement: Judgment
  usage: TreeUsage | null
  owner: OwnerFacts | null
  serenaVersionByLog: string | null
  logModifiedAtMs: number | null
  /** What the hub says about it; null or absent: the hub does not run it. */
  hub?: HubUse | null
  /** The clients connected to a Serena over HTTP; null: it is none, or not known. */
  clients?: NonNullable<Instance['clients']> | null
  /** Since when no MCP message has been seen; null: it is at work, or not known. */
  quietSinceMs?: number | null
}

/** Returns the instance as `list --json` and the page see it. */
export function present(input: PresentInput): Instance {
  const { facts, judgement, usage } = input
  const { serena, dashboard, leftTree, seen } = facts
  const entry = facts.entries[0]
  const process = serena?.process ?? leftTree?.running[0]
  const pid = process?.pid ?? entry?.pid ?? null
  const port = dashboard?.listener.port ?? (serena ? null : (seen?.port ?? entry?.port ?? null))
  const address = addressOf(dashboard)
  const project = projectOf(facts)
  const overview = dashboard?.overview
  const startedAtMs = process?.startedAtMs ?? entry?.startedAtMs ?? null
  return {
    id: idOf(facts),
    pid,
    startedAt: isoTime(startedAtMs),
    port,
    ...address,
    title: leftTree
      ? formatLeftTitle(pid, project)
      : formatTitle({ pid, port, ...address, project, isProjectKnownAbsent: isProjectKnownAbsent(facts) }),
    state: judgement.state,
    colour: STATE_COLOUR[judgement.state],
    flags: judgement.flags,
    verdict: judgement.verdict,
    project,
    context: overview?.context?.name ?? serena?.command.context ?? entry?.context ?? null,
    modes: overview?.modes.map(({ name }) => name) ?? [...(serena?.command.modes ?? entry?.modes ?? [])],
    transport: serena?.command.transport ?? null,
    serenaVersion: overview?.serenaVersion ?? input.serenaVersionByLog,
    ...ownerAndClients(input),
    memoryBytes: usage?.memory
      ? Math.round(usage.memory.bytes / MEMORY_STEP_BYTES) * MEMORY_STEP_BYTES
      : null,
    memoryKind: usage?.memory?.kind ?? null,
    cpuPercent: usage?.cpuPercent == null ? null : Math.round(usage.cpuPercent),
    processCount: usage?.processCount ?? 0,
    lastActivityAt: isoTime(input.logModifiedAtMs ?? (serena ? null : (entry?.lastSeenAtMs ?? null))),
    ...(serena && { quietSince: isoTime(input.quietSinceMs ?? null) }),
    sources: sourcesOf(facts),
  }
}

/** Only an address that is not the default: most dashboards are at 127.0.0.1. */
function addressOf(dashboard: DashboardKnowledge | null): Pick<Instance, 'address'> {
  const address = dashboard && connectAddress(dashboard.listener.address)
  return address === null || address === '127.0.0.1' ? {} : { address }
}

/** Returns what is kept for its registry entry when its process has exited. */
export function seenOf(input: PresentInput): SeenFacts {
  const { project, port, owner } = present(input)
  return { project, isProjectKnownAbsent: isProjectKnownAbsent(input.facts), port, owner }
}

function idOf({ serena, entries: [entry], dashboard, leftTree }: InstanceFacts): string {
  if (leftTree) return leftTree.id
  if (serena) return instanceId(serena.process.identity, serena.process.pid)
  if (entry) return entryId(entry)
  const { port = 0, socket = '' } = dashboard?.listener ?? {}
  return instanceId(`unowned:${port}:${socket}`, port)
}

function projectOf(facts: InstanceFacts): Project | null {
  const { dashboard, projectByCommand, serena, entries, leftTree, seen } = facts
  if (leftTree) return leftTree.project
  const active = dashboard?.status?.activeProject
  if (active === null) return null
  if (active !== undefined) {
    const overview = dashboard?.overview?.project
    if (overview?.name === active) return { name: active, path: overview.path }
    return { name: active, path: projectByCommand?.name === active ? projectByCommand.path : null }
  }
  if (serena) return projectByCommand
  if (seen?.project) return seen.project
  const entry = entries[0]
  return entry?.projectName ? { name: entry.projectName, path: entry.projectRoot } : null
}

/** Its dashboard reported that no project is active. An entry without a project proves nothing: it may be older than the project. */
function isProjectKnownAbsent({ dashboard, seen }: InstanceFacts): boolean {
  if (dashboard?.status) return dashboard.status.activeProject === null
  return seen?.isProjectKnownAbsent ?? false
}

function ownerOf({ facts, owner }: PresentInput): Instance['owner'] {
  if (facts.seen) return facts.seen.owner
  // The parent of an instance after its client exited has only adopted it and is not its owner.
  if (!owner || !facts.serena?.client || facts.client?.exitedProcess?.isClient) return null
  const described = describeOwner(owner, facts.nowMs)
  return isPresumed(facts) ? { ...described, name: `probably ${described.name}` } : described
}

/** Through the hub the owner is the hub. Over stdio the owner is the client while it is known to be connected; over HTTP the connected clients are read from the sockets. */
function ownerAndClients(input: PresentInput): Pick<Instance, 'owner' | 'clients' | 'hubSerena'> {
  const owner = ownerOf(input)
  if (input.hub) return { owner, clients: input.hub.clients, hubSerena: input.hub.serenaId }
  if (input.clients) return { owner, clients: input.clients }
  const { serena, client } = input.facts
  const isConnected = serena?.command.transport === 'stdio' && client?.connection.clientEnd === 'open'
  if (!isConnected || owner === null || isPresumed(input.facts)) return { owner }
  return { owner, clients: [owner] }
}

/** The process at the other end of its connection is not visible. */
const isPresumed = ({ serena, client }: InstanceFacts): boolean =>
  client?.connection.holder === null && serena?.isClientSeen !== true

function sourcesOf(facts: InstanceFacts): Source[] {
  const { serena, dashboard, entries, leftTree, hasRegisteredItself } = facts
  const sources: Source[] = []
  if (serena || leftTree) sources.push('process')
  if (dashboard) sources.push('port')
  if (dashboard?.hasAnswered) sources.push('dashboard')
  if (entries.length > 0) sources.push('registry')
  if (hasRegisteredItself) sources.push('push')
  if (facts.hub) sources.push('hub')
  return sources
}

const isoTime = (epochMs: number | null): string | null =>
  epochMs === null ? null : new Date(epochMs).toISOString()
