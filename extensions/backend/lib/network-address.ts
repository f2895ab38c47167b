// Addresses of listening sockets: where each is asked, and how it is written. Pure.

/** A socket bound to an IPv4 address through IPv6 has `::ffff:127.0.0.1`. */
export const withoutMapping = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '')

/** True for addresses that only this machine reaches. */
export function isLoopback(address: string): boolean {
  return address === '::1' || /^127\./.test(withoutMapping(address))
}

/** The address at which a listener is asked: its own, of a wildcard the loopback address of its family. */
export function askedAddress(address: string): string {
  if (address === '::') return '::1'
  const plain = withoutMapping(address)
  return plain === '0.0.0.0' ? '127.0.0.1' : plain
}

/** `127.0.0.2:24282`, `[::1]:24282`. */
export const endpointText = (address: string, port: number): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`

interface Bound {
  address: string
  port: number
  socket: string
}

/** True when another of these sockets would take, or might take, a connection to the address at which this one is asked. */
export function isShadowed(one: Bound, all: Iterable<Bound>): boolean {
  const asked = askedAddress(one.address)
  for (const { address, port, socket } of all) {
    if (socket === one.socket || port !== one.port) continue
    // Of two on one address (SO_REUSEPORT) either may get it; a specific address goes before a wildcard.
    if (withoutMapping(address) === asked || withoutMapping(address) === withoutMapping(one.address))
      return true
  }
  return false
}
