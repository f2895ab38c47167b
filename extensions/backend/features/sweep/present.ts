// What is known of one instance and its judgement -> the instance as outsiders see it. Pure.
import { createHash } from 'node:crypto'
import { type Instance, type Project, type Source, STATE_COLOUR } from '#contract/instance'
import { formatLeftTitle, formatTitle } from '#contract/title'
import type {
  DashboardKnowledge,
  InstanceFacts,
  Judgement,
  ProcessIdentity,
  RegistryEntry,
  SeenFacts,
} from '../../facts.ts'
import { askedAddress } from '../../lib/network-address.ts'
import { describeOwner, type OwnerFacts } from './owner.ts'
import type { TreeUsage } from './usage.ts'

/** Memory is told in steps, so that a breathing heap is not a change. */
export const MEMORY_STEP_BYTES = 256 * 1024

export interface PresentInput {
  facts: InstanceFacts
  judgement: Judgement
  usage: TreeUsage | null
  owner: OwnerFacts | null
  serenaVersionByLog: string | null
  logModifiedAtMs: number | null
  /** Since when no MCP message has been seen; null: it is at work, or not known. */
  quietSinceMs?: number | null
}

/** Stable for the life of the process, and fit for an address. */
export function instanceId(identity: ProcessIdentity, pid: number): string {
  return `${pid}-${createHash('sha256').update(identity).digest('hex').slice(0, 12)}`
}

/** An entry without a process is named by where and when it was written. */
export function entryId({ serenaHome, pid, startedAtMs }: RegistryEntry): string {
  return instanceId(`entry:${serenaHome}:${pid}:${startedAtMs}`, pid)
}

/** The instance as `list --json` and the page see it. */
export function present(input: PresentInput): Instance {
  const { facts, judgement, usage } = input
  const { serena, dashboard, leftTree, seen } = facts
  const entry = facts.entries[0]
  const process = serena?.process ?? leftTree?.living[0]
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
    owner: ownerOf(input),
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

/** Only what differs from the usual: most dashboards are at 127.0.0.1. */
function addressOf(dashboard: DashboardKnowledge | null): Pick<Instance, 'address'> {
  const address = dashboard && askedAddress(dashboard.listener.address)
  return address === null || address === '127.0.0.1' ? {} : { address }
}

/** What is still said of it when its process is gone and an entry is left. */
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
  const active = dashboard?.look?.activeProject
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

/** Its dashboard has said that no project is active. An entry that names none tells nothing: it may have been written before one was. */
function isProjectKnownAbsent({ dashboard, seen }: InstanceFacts): boolean {
  if (dashboard?.look) return dashboard.look.activeProject === null
  return seen?.isProjectKnownAbsent ?? false
}

function ownerOf({ facts, owner }: PresentInput): Instance['owner'] {
  if (facts.seen) return facts.seen.owner
  // Who stands above an instance after its client ended has adopted it, and owns nothing.
  if (!owner || !facts.serena?.client || facts.client?.lost?.isClient) return null
  const described = describeOwner(owner, facts.nowMs)
  return isPresumed(facts) ? { ...described, name: `probably ${described.name}` } : described
}

/** The process at the other end of its connection was looked for and is not visible. */
const isPresumed = ({ serena, client }: InstanceFacts): boolean =>
  client?.wire.holder === null && serena?.isClientSeen !== true

function sourcesOf(facts: InstanceFacts): Source[] {
  const { serena, dashboard, entries, leftTree, hasRegisteredItself } = facts
  const sources: Source[] = []
  if (serena || leftTree) sources.push('process')
  if (dashboard) sources.push('port')
  if (dashboard?.hasAnswered) sources.push('dashboard')
  if (entries.length > 0) sources.push('registry')
  if (hasRegisteredItself) sources.push('push')
  return sources
}

const isoTime = (epochMs: number | null): string | null =>
  epochMs === null ? null : new Date(epochMs).toISOString()
