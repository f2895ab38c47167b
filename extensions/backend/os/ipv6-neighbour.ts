// Whoever listens on [::1] at our port: the second bind succeeds beside ours, and `localhost` may lead there.
import { connect } from 'node:net'

const ANSWER_MS = 300

/** True when somebody takes connections on [::1]:port. It is not us: we listen on 127.0.0.1 alone. */
export function hasIpv6Neighbour(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '::1', port })
    const end = (isThere: boolean) => (): void => {
      socket.destroy()
      resolve(isThere)
    }
    socket.setTimeout(ANSWER_MS, end(false))
    socket.once('connect', end(true))
    // Nobody, or no IPv6 here.
    socket.once('error', end(false))
  })
}
