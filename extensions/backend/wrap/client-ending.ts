// The end of a wrapped Serena: with its client, or on request (client-guard.ts).
import { endTree, type TreeEnd } from './end-tree.ts'
import type { ClientChain } from './find-client.ts'
import { guardClientOf } from './guarded-client.ts'

const TICK_MS = 500

export interface EndingDeps extends TreeEnd {
  /** The parent of this process at its start. */
  parentPid: number
  lastHeardAtMs(): number
  closeInput(): void
}

export interface ClientEnding {
  readonly chain: ClientChain | null
  /** Ends it while the client is running. */
  end(): void
  /** Resolves when the ending was started and no process of the tree is left. */
  readonly over: Promise<void>
  isEnding(): boolean
}

/** Watches the client from now on. */
export async function watchClient(deps: EndingDeps): Promise<ClientEnding> {
  const table = await deps.ender.list()
  let finish = (): void => undefined
  const over = new Promise<void>((resolve) => {
    finish = resolve
  })
  const { chain, guard } = guardClientOf({
    pid: process.pid,
    parentPid: deps.parentPid,
    table,
    lastHeardAtMs: deps.lastHeardAtMs,
    onFault: deps.onFault,
    end() {
      deps.closeInput()
      endTree(deps).then(finish).catch(deps.onFault)
    },
  })
  setInterval(guard.tick, TICK_MS).unref()
  return { chain, end: guard.end, over, isEnding: guard.isEnding }
}
