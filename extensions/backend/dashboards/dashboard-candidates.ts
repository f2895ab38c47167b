// Which sockets of an instance may be its dashboard's. Pure.
import type { Listener } from '../os/process-facts.ts'
import type { SerenaCommand } from '../serena/serena-process.ts'

/** Serena's tray manager and project server: never a dashboard. */
const FOREIGN_PORTS: readonly number[] = [24224, 24225]
export const DEFAULT_MCP_PORT = 8000
/** The address that Serena Deck itself listens on. */
const OWN_ADDRESS = '127.0.0.1'

/** What the log of an instance says about its dashboard. */
export interface NamedByLog {
  port: number | null
  /** As it is configured; it may be a host name. */
  address: string | null
}

/** Returns the sockets that the log names, if there are any, else all that may be a dashboard's. Only sockets reachable from here. */
export function dashboardCandidates(
  listeners: readonly Listener[],
  command: SerenaCommand,
  byLog: NamedByLog,
  ownPort: number | null,
): readonly Listener[] {
  const named = namedByLog(listeners, byLog)
  const mcpPort = command.transport === 'stdio' ? null : (command.mcpPort ?? DEFAULT_MCP_PORT)
  const isOther = ({ port, address }: Listener): boolean =>
    port === mcpPort || (port === ownPort && address === OWN_ADDRESS) || FOREIGN_PORTS.includes(port)
  const found = named.length > 0 ? named : listeners.filter((one) => !isOther(one))
  return found.filter(({ unreachable }) => unreachable === undefined)
}

/** Of several sockets with that port the one with the address in the log, if there is one: another may be the MCP server's. */
function namedByLog(listeners: readonly Listener[], { port, address }: NamedByLog): readonly Listener[] {
  const named = listeners.filter((one) => one.port === port)
  const exact = named.filter((one) => one.address === address)
  return exact.length > 0 ? exact : named
}
