// Whether any program accepts connections at a port of this machine.
import { connect } from 'node:net'

/** Resolves with true when a connection to that loopback address is accepted in time; false also where there is no IPv6. */
export function isPortOpen(host: '127.0.0.1' | '::1', port: number, patienceMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host })
    const finish = (isThere: boolean): void => {
      socket.destroy()
      resolve(isThere)
    }
    socket.setTimeout(patienceMs, () => finish(false))
    socket.once('connect', () => finish(true))
    socket.once('error', () => finish(false))
  })
}
