// Whether the client of a response takes nothing of what waits: it has exited without closing the connection.
import type { ServerResponse } from 'node:http'

export interface StallCheck {
  /** Whether nothing was taken for the time, by the calls so far. */
  isStalled(): boolean
}

/** Creates the check. `now`: monotonic milliseconds. */
export function createStallCheck(
  response: Pick<ServerResponse, 'socket' | 'writableLength'>,
  stalledMs: number,
  now: () => number,
): StallCheck {
  let taken = -1
  let sinceMs = now()
  return {
    isStalled() {
      const { socket } = response
      const bytes = socket === null ? 0 : socket.bytesWritten - socket.writableLength
      if (response.writableLength === 0 || bytes !== taken) sinceMs = now()
      taken = bytes
      return now() - sinceMs >= stalledMs
    },
  }
}
