// The clients that are connected to a Serena over HTTP, and the connections of a bridge in front of a Serena.
import type { Instance } from '#contract/instance'
import { bridgeOf, clientName, type OwnerFacts } from '../clients/owner.ts'
import { DEFAULT_MCP_PORT } from '../dashboards/dashboard-candidates.ts'
import type { NetworkUse } from '../os/network-facts.ts'
import type { ProcessFact, ProcessSource, ProcessTable } from '../os/process-facts.ts'
import type { ProcessIdentity } from '../os/process-identity.ts'
import type { SerenaProcess } from '../serena/serena-process.ts'
import type { Track } from './track.ts'

export interface NetworkClients {
  /** Reads the sockets of the servers and bridges among them. */
  renew(
    trackOf: (identity: ProcessIdentity) => Pick<Track, 'owner'> | null,
    shown: readonly SerenaProcess[],
    table: ProcessTable,
  ): Promise<void>
  /** Of a Serena over HTTP; null: it is none, or its sockets cannot be read. */
  clientsOf(identity: ProcessIdentity): NonNullable<Instance['clients']> | null
  /** The owner with what its bridge listens on. */
  withBridge(owner: OwnerFacts | null): OwnerFacts | null
}

/** Creates the lookup of network clients; it has no result before the first round. */
export function createNetworkClients(source: Pick<ProcessSource, 'networkUse'>): NetworkClients {
  let clients: ReadonlyMap<ProcessIdentity, NonNullable<Instance['clients']>> = new Map()
  let bridges: ReadonlyMap<ProcessIdentity, NonNullable<OwnerFacts['bridge']>> = new Map()

  return {
    async renew(trackOf, shown, table) {
      const servers = shown.filter(isServer)
      const inFront = shown.flatMap(({ process: { identity } }) => {
        const owner = trackOf(identity)?.owner() ?? null
        return (owner && bridgeOf(owner)) ?? []
      })
      const asked = [...servers.map(({ process }) => process), ...inFront]
      const uses: ReadonlyMap<number, NetworkUse | null> =
        asked.length > 0 && source.networkUse ? await source.networkUse([...new Set(asked)]) : new Map()
      clients = new Map(
        servers.flatMap(({ process, command }) => {
          const use = uses.get(process.pid)
          const port = command.mcpPort ?? DEFAULT_MCP_PORT
          return use ? [[process.identity, clientsAt(use, port, table)] as const] : []
        }),
      )
      bridges = new Map(
        inFront.flatMap(({ pid, identity }) => {
          const [first] = uses.get(pid) ?? []
          return first ? [[identity, { port: first.port, connections: first.clients.length }] as const] : []
        }),
      )
    },
    clientsOf: (identity) => clients.get(identity) ?? null,
    withBridge(owner) {
      const bridge = owner && bridges.get(bridgeOf(owner)?.identity ?? '')
      return owner && bridge ? { ...owner, bridge } : owner
    },
  }
}

const isServer = ({ command, isLauncherOnly }: SerenaProcess): boolean =>
  command.transport !== 'stdio' && !isLauncherOnly

/** One per process, regardless of its number of connections; all invisible processes count as one. */
function clientsAt(use: NetworkUse, port: number, table: ProcessTable): NonNullable<Instance['clients']> {
  const pids = new Set(use.find((one) => one.port === port)?.clients ?? [])
  const seen = [...pids].flatMap((pid): ProcessFact[] => {
    const process = pid === null ? undefined : table.byPid.get(pid)
    return process ? [process] : []
  })
  const named = seen
    .sort((a, b) => a.startedAtMs - b.startedAtMs || a.pid - b.pid)
    .map((process) => ({ pid: process.pid, name: clientName(process, table) }))
  return pids.has(null) ? [...named, { name: 'a process that is not visible' }] : named
}
