// The process of one Serena over all its starts: it starts again after a crash, and fails after too many.
import type { HubSerenaState } from '#contract/hub'
import { createRestartPolicy } from './restart-policy.ts'
import type { ChildExit, SerenaChild } from './serena-child.ts'
import { exitFault } from './serena-fault.ts'
import { type RunDeps, type SerenaRun, startRun } from './serena-run.ts'

export interface ProcessDeps extends Omit<RunDeps, 'onExit'> {
  /** Its process has exited unasked. Returns whether it is needed now. */
  onCrash(): boolean
  /** Whether it refused its arguments and is started with others. */
  mayRetry(exit: ChildExit): boolean
  onChange(): void
  /** Monotonic milliseconds. */
  now(): number
}

export interface SerenaProcess {
  state(): HubSerenaState
  child(): SerenaChild | null
  /** Why it has failed; null: it has not. */
  fault(): string | null
  crashes(): number
  /** Starts it if it is not running. Soon after a failure it only reports it again. */
  wake(): void
  /** Ends its tree; its state is `as` at once. */
  end(as: HubSerenaState): Promise<void>
  /** Goes on as after a crash, when its tree has been ended. */
  crashed(why: string): void
  change(state: HubSerenaState): void
}

// Longer than 60 lines: one machine of five states, whose transitions lead to each other.
/** Creates the process of a Serena that is not started yet. */
export function createSerenaProcess(deps: ProcessDeps): SerenaProcess {
  const policy = createRestartPolicy()
  let state: HubSerenaState = 'stopped'
  let fault: string | null = null
  let run: SerenaRun | null = null
  let retry: NodeJS.Timeout | undefined

  function change(next: HubSerenaState): void {
    state = next
    deps.onChange()
  }

  function start(): void {
    clearTimeout(retry)
    change('starting')
    fault = null
    run = startRun({ ...deps, onReady, onExit, onFailure: fail })
  }

  function onReady(): void {
    change('running')
    deps.onReady()
  }

  function onExit(how: ChildExit): void {
    const wasStarting = state === 'starting'
    if (wasStarting && deps.mayRetry(how)) start()
    else crashed(exitFault(how), !wasStarting || how.code === null)
  }

  function crashed(why: string, mayStart: boolean): void {
    const delayMs = policy.crashed(deps.now())
    const isNeeded = deps.onCrash()
    if (delayMs === null || !mayStart) return fail(why)
    if (!isNeeded) return change('stopped')
    change('starting')
    retry = setTimeout(start, delayMs)
  }

  function fail(why: string): void {
    fault = why
    policy.failed(deps.now())
    change('failed')
    deps.onFailure(why)
  }

  return {
    state: () => state,
    child: () => run?.child() ?? null,
    fault: () => fault,
    crashes: policy.count,
    wake() {
      if (state === 'starting' || state === 'running') return
      if (state !== 'failed' || policy.mayTryAgain(deps.now())) start()
      else deps.onFailure(fault ?? '')
    },
    async end(as) {
      clearTimeout(retry)
      const ended = run?.end()
      change(as)
      await ended
    },
    crashed: (why) => crashed(why, true),
    change,
  }
}
