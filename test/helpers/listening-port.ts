// Which process listens on a TCP port of this machine. Linux only.
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** State of a listening socket in `/proc/net/tcp` (include/net/tcp_states.h of Linux). */
const LISTEN = '0A'

/** Returns the sockets that listen on this IPv4 port of any address, as links of `/proc/PID/fd` name them. */
function listeners(port: number): Set<string> {
  const hex = port.toString(16).toUpperCase().padStart(4, '0')
  const rows = readFileSync('/proc/net/tcp', 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
  return new Set(
    rows
      .filter(([, local, , state]) => state === LISTEN && local?.endsWith(`:${hex}`))
      .map((row) => `socket:[${row[9]}]`),
  )
}

/** Returns whether the process listens on the port. */
export function listensOn(pid: number, port: number): boolean {
  const sockets = listeners(port)
  const folder = `/proc/${pid}/fd`
  return readdirSync(folder).some((fd) => {
    try {
      return sockets.has(readlinkSync(`${folder}/${fd}`))
    } catch {
      // It was closed meanwhile.
      return false
    }
  })
}
