// The life of one Serena of the hub: it starts when it is needed, sleeps when it is not used, and starts again after a crash. A new
// process is not started before the end of the old tree is proven.
import type { HubSerenaState } from '#contract/hub'
import type { SerenaChild } from './serena-child.ts'
import { createSerenaProcess, type ProcessDeps } from './serena-process.ts'

export interface LifeDeps extends ProcessDeps {
  /** Its tree was ended by us. Returns whether it is needed now. */
  onEnded(): boolean
}

export interface SerenaLife {
  state(): HubSerenaState
  child(): SerenaChild | null
  fault(): string | null
  crashes(): number
  /** Starts it if it is not running. */
  wake(): void
  /** It hangs: ends its tree, and continues as after a crash. */
  replace(why: string): Promise<void>
  /** Ends its tree. `asleep`: to save memory. */
  end(as: 'asleep' | 'stopped'): Promise<void>
}

/** Creates the life of a Serena that is not started yet. */
export function createSerenaLife(deps: LifeDeps): SerenaLife {
  const serena = createSerenaProcess(deps)
  /** Not null while a tree ends. */
  let ending: Promise<void> | null = null
  /** What was asked for last while a tree ends. */
  let endsAs: 'asleep' | 'stopped' | null = null
  /** Needed again while it ends. */
  let isWanted = false

  function wake(): void {
    if (ending === null) serena.wake()
    else isWanted = true
  }

  async function endHung(why: string): Promise<void> {
    endsAs = null
    await serena.end('starting')
    ending = null
    isWanted = false
    const as = requestedEnd()
    if (as === null) return serena.crashed(why)
    const isNeeded = deps.onEnded() && as === 'asleep'
    serena.change(as)
    if (isNeeded) wake()
  }

  const requestedEnd = (): typeof endsAs => endsAs

  async function endTree(as: 'asleep' | 'stopped'): Promise<void> {
    await serena.end(as)
    ending = null
    const isNeeded = deps.onEnded() && as === 'asleep'
    if (isWanted || isNeeded) wake()
    isWanted = false
  }

  return {
    state: serena.state,
    child: serena.child,
    fault: serena.fault,
    crashes: serena.crashes,
    wake,
    replace(why) {
      ending ??= endHung(why)
      return ending
    },
    end(as) {
      endsAs = as
      ending ??= endTree(as)
      return ending
    },
  }
}
