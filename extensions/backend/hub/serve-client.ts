// Serves a client of the socket: a `connect` process, whose client is watched.
import { type ClientPort, SLOW_BYTES } from './client-port.ts'
import type { ClientWatch } from './client-watch.ts'
import type { Hub } from './hub.ts'
import type { Served } from './hub-server.ts'
import type { ClientHello } from './protocol.ts'

/** Calls of one client that wait; beyond it the client is not read. */
const MOST_WAITING = 1_000
const MOST_WAITING_BYTES = 16 * 1024 * 1024
const now = (): number => performance.now()

/** Connects it to the hub. */
export function serveClient(hub: Hub, watch: ClientWatch, hello: ClientHello, port: ClientPort): Served {
  let heardAtMs = now()
  const session = hub.connect(hello, port)
  const unwatch = watch.add({
    pid: hello.pid,
    parentPid: hello.parentPid,
    lastHeardAtMs: () => heardAtMs,
    end: () => session.disconnect('exit'),
  })
  return {
    receive(line) {
      heardAtMs = now()
      session.receive(line)
    },
    drained: session.drained,
    isFull() {
      const { calls } = session.serena()
      return (
        calls.waiting(session.id) > MOST_WAITING ||
        calls.waitingBytes(session.id) > MOST_WAITING_BYTES ||
        port.unreadBytes() > SLOW_BYTES
      )
    },
    closed() {
      unwatch()
      hub.disconnect(session)
    },
  }
}
