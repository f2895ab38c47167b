// Addresses of listening sockets: how to connect to each, and how it is written. Pure.

/** Returns the IPv4 address of an IPv4-mapped IPv6 address (`::ffff:127.0.0.1`), any other address unchanged. */
export const withoutMapping = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '')

/** Returns true for addresses that only this machine reaches. */
export function isLoopback(address: string): boolean {
  return address === '::1' || /^127\./.test(withoutMapping(address))
}

/** Returns the address to connect to for a listener: its own, for a wildcard the loopback address of its family. */
export function connectAddress(address: string): string {
  if (address === '::') return '::1'
  const plain = withoutMapping(address)
  return plain === '0.0.0.0' ? '127.0.0.1' : plain
}

/** Returns `127.0.0.2:24282`, `[::1]:24282`. */
export const endpointText = (address: string, port: number): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`

interface Bound {
  address: string
  port: number
  socket: string
}

/** Returns whether another of these sockets would take, or might take, a connection that is meant for this one. */
export function isShadowed(one: Bound, all: Iterable<Bound>): boolean {
  const wanted = connectAddress(one.address)
  for (const { address, port, socket } of all) {
    if (socket === one.socket || port !== one.port) continue
    // Of two on one address (SO_REUSEPORT) either may get it; a specific address goes before a wildcard.
    if (withoutMapping(address) === wanted || withoutMapping(address) === withoutMapping(one.address))
      return true
  }
  return false
}
