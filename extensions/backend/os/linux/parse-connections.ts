// `/proc/net/tcp` and `tcp6` -> the established connections to some ports, and the sockets at their other ends. Pure.
import { withoutMapping } from '../../lib/network-address.ts'
import { formatAddress } from './parse-sockets.ts'

const ESTABLISHED = '01'
const LISTEN = '0A'

interface Row {
  local: string
  remote: string
  localPort: number
  remotePort: number
  state: string
  inode: string
}

export interface PortUse {
  port: number
  /** Of each connection the inode of the socket at its other end; null: that is not in this network namespace. */
  peers: readonly (string | null)[]
}

/** Returns the ports that a process with these sockets listens on, with the connections that it has there. */
export function portUses(tables: readonly string[], sockets: ReadonlySet<string>): PortUse[] {
  const rows = tables.flatMap(rowsOf)
  const own = rows.filter(({ inode }) => sockets.has(inode))
  const ports = new Set(own.filter(({ state }) => state === LISTEN).map(({ localPort }) => localPort))
  const connections = own.filter(({ state, localPort }) => state === ESTABLISHED && ports.has(localPort))
  if (connections.length === 0) return [...ports].sort(byNumber).map((port) => ({ port, peers: [] }))
  // The other end of a connection has its two addresses the other way round.
  const others = new Map(
    rows
      .filter(({ remotePort, state, inode }) => ports.has(remotePort) && state !== LISTEN && inode !== '0')
      .map((row) => [`${endOf(row.local)} ${endOf(row.remote)}`, row.inode]),
  )
  return [...ports].sort(byNumber).map((port) => ({
    port,
    peers: connections
      .filter(({ localPort }) => localPort === port)
      .map(({ local, remote }) => others.get(`${endOf(remote)} ${endOf(local)}`) ?? null),
  }))
}

const byNumber = (a: number, b: number): number => a - b

function rowsOf(text: string): Row[] {
  return text
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const [, local = '', remote = '', state = '', , , , , , inode = ''] = line.trim().split(/\s+/)
      if (state !== ESTABLISHED && state !== LISTEN) return []
      return [{ local, remote, state, inode, localPort: portOf(local), remotePort: portOf(remote) }]
    })
}

const portOf = (end: string): number => Number.parseInt(end.split(':')[1] ?? '', 16)

/** The same for an IPv4 address in either table. */
function endOf(end: string): string {
  const [address = '', port = ''] = end.split(':')
  return `${withoutMapping(formatAddress(address))}:${port}`
}
