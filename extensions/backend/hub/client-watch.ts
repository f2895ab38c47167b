// Notices that the client of a `connect` has exited although its connection is still open, as with a pipe that another process has
// inherited. The hub watches all of them, so that `connect` itself needs no timer.
import { guardClientOf } from '../wrap/guarded-client.ts'

export interface WatchedClient {
  /** Of the `connect` process. */
  pid: number
  parentPid: number
  lastHeardAtMs(): number
  /** Its client has exited. */
  end(): void
}

export interface ClientWatch {
  /** Returns a function that ends the watch. */
  add(client: WatchedClient): () => void
  /** Call it about twice a second. */
  tick(): void
}

/** Creates a watch without clients. */
export function createClientWatch(onFault: (error: unknown) => void): ClientWatch {
  const guards = new Set<{ tick(): void; release(): void }>()

  async function watch(client: WatchedClient, isWatched: () => boolean): Promise<() => void> {
    const { list } = await (await import('../os/light-ender.ts')).loadLightEnder()
    const { guard, release } = guardClientOf({ ...client, table: await list(), onFault })
    const one = { tick: guard.tick, release }
    if (isWatched()) guards.add(one)
    else release()
    return () => {
      if (guards.delete(one)) release()
    }
  }

  return {
    add(client) {
      let isWatched = true
      let stop = (): void => undefined
      watch(client, () => isWatched)
        .then((end) => {
          stop = end
        })
        .catch(onFault)
      return () => {
        isWatched = false
        stop()
      }
    },
    tick() {
      for (const guard of guards) guard.tick()
    },
  }
}
