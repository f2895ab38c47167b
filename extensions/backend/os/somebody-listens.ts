// Whether anybody takes connections at a port of this machine; who it is, is another question.
import { connect } from 'node:net'

/** True when somebody does at that loopback address within so long; false for nobody, and where there is no IPv6. */
export function somebodyListens(
  host: '127.0.0.1' | '::1',
  port: number,
  patienceMs: number,
): Promise<boolean> {
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
