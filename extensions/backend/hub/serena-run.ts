// One start of a Serena: from the start of its process to its exit, or to the end of its tree.
import type { ChildDeps, ChildExit, SerenaChild } from './serena-child.ts'
import { startFault } from './serena-fault.ts'

export interface RunDeps {
  startChild(deps: ChildDeps): Promise<SerenaChild>
  /** Makes the started process ready for calls; rejects when it exits before. */
  prepare(): Promise<void>
  onLine(line: Buffer): void
  /** It is ready. */
  onReady(): void
  /** It has exited unasked. */
  onExit(exit: ChildExit): void
  /** It could not be started or made ready; nothing of it is left. */
  onFailure(fault: string): void
  onFault(error: unknown): void
}

export interface SerenaRun {
  /** Null: not started yet, or exited. */
  child(): SerenaChild | null
  /** Ends its tree; resolves when nothing of it is left. From now on nothing is reported. */
  end(): Promise<void>
}

/** Starts a process. */
export function startRun(deps: RunDeps): SerenaRun {
  let child: SerenaChild | null = null
  let hasExited = false
  /** Its tree is being ended by us. */
  let isEnding = false

  async function spawn(): Promise<void> {
    const started = await deps.startChild({
      onLine: deps.onLine,
      onFault: deps.onFault,
      onExit(how) {
        hasExited = true
        // The exit of an ended tree may be reported after its end.
        if (isEnding) return
        child = null
        deps.onExit(how)
      },
    })
    if (!hasExited) child = started
  }

  const isOver = (): boolean => hasExited || isEnding

  async function makeReady(): Promise<void> {
    try {
      await spawned
      if (isOver()) return
      await deps.prepare()
      if (!isOver()) deps.onReady()
    } catch (error) {
      // Its exit was reported already.
      if (isOver()) return
      await end()
      deps.onFailure(startFault(error))
    }
  }

  async function end(): Promise<void> {
    isEnding = true
    await spawned.catch(() => undefined)
    await child?.end().catch(deps.onFault)
    child = null
  }

  const spawned = spawn()
  void makeReady()
  return { child: () => child, end }
}
