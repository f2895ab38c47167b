// The life of one Serena of the hub: it starts when it is needed, sleeps when it is not used, and starts again after a crash. A new
// process is not started before the end of the old tree is proven.

import { AppError } from '#contract/errors'
import type { HubSerenaState } from '#contract/hub'
import { createRestartPolicy, RETRY_AFTER_MS } from './restart-policy.ts'
import type { ChildDeps, ChildExit, SerenaChild } from './serena-child.ts'

export interface LifeDeps {
  startChild(deps: ChildDeps): Promise<SerenaChild>
  /** Makes the started process ready for calls; rejects when it exits before. */
  prepare(child: SerenaChild): Promise<void>
  onLine(line: Buffer): void
  /** It is ready. */
  onReady(): void
  /** Its process has exited unasked. Returns whether it is needed now. */
  onCrash(): boolean
  /** Its tree was ended by us. Returns whether it is needed now. */
  onEnded(): boolean
  /** Whether it refused its arguments and is started with others. */
  mayRetry(exit: ChildExit): boolean
  /** It cannot be started, or crashed too often. */
  onFailure(fault: string): void
  onChange(): void
  onFault(error: unknown): void
  now(): number
}

export interface SerenaLife {
  state(): HubSerenaState
  child(): SerenaChild | null
  fault(): string | null
  crashes(): number
  /** Starts it if it is not running. */
  wake(): void
  /** It hangs: ends its tree, and goes on as after a crash. */
  replace(why: string): Promise<void>
  /** Ends its tree. `asleep`: to save memory. */
  end(as: 'asleep' | 'stopped'): Promise<void>
}

/** One start. */
interface Run {
  hasExited: boolean
  /** Its tree is being ended by us. */
  isEnding: boolean
  /** Resolves when it was started, or could not be. */
  spawned: Promise<unknown>
}

/** Creates the life of a Serena that is not started yet. */
export function createSerenaLife(deps: LifeDeps): SerenaLife {
  const policy = createRestartPolicy()
  let state: HubSerenaState = 'stopped'
  let child: SerenaChild | null = null
  let fault: string | null = null
  let failedAtMs = 0
  /** Not null while a tree ends. */
  let ending: Promise<void> | null = null
  /** What was asked for while a tree ends that hung. */
  let endsAs: 'asleep' | 'stopped' | null = null
  /** Needed again while it ends. */
  let isWanted = false
  let run: Run | null = null
  let retry: NodeJS.Timeout | undefined

  function change(next: HubSerenaState): void {
    state = next
    deps.onChange()
  }

  async function start(): Promise<void> {
    clearTimeout(retry)
    change('starting')
    fault = null
    const own: Run = { hasExited: false, isEnding: false, spawned: Promise.resolve() }
    run = own
    try {
      const spawning = deps.startChild({
        onLine: deps.onLine,
        onFault: deps.onFault,
        onExit(how) {
          own.hasExited = true
          // The exit of an ended tree may be reported after its end.
          if (!own.isEnding) exited(how)
        },
      })
      own.spawned = spawning.catch(() => undefined)
      const started = await spawning
      if (own.hasExited) return
      child = started
      if (own.isEnding) return
      await deps.prepare(started)
      if (run !== own || own.hasExited || own.isEnding) return
      change('running')
      deps.onReady()
    } catch (error) {
      // Its exit was reported already.
      if (own.hasExited || own.isEnding) return
      await endFailed(own)
      fail(startFault(error))
    }
  }

  /** It runs, but could not be made ready. */
  async function endFailed(own: Run): Promise<void> {
    own.isEnding = true
    await child?.end().catch(deps.onFault)
    child = null
  }

  function exited(how: ChildExit): void {
    const wasStarting = state === 'starting'
    child = null
    if (wasStarting && deps.mayRetry(how)) return void start()
    continueAfter(exitFault(how), { mayStart: !wasStarting || how.code === null })
  }

  function continueAfter(why: string, { mayStart }: { mayStart: boolean }): void {
    const delayMs = policy.crashed(deps.now())
    const isNeeded = deps.onCrash()
    if (delayMs === null || !mayStart) return fail(why)
    if (!isNeeded) return change('stopped')
    change('starting')
    retry = setTimeout(() => void start(), delayMs)
  }

  function fail(why: string): void {
    fault = why
    failedAtMs = deps.now()
    change('failed')
    deps.onFailure(why)
  }

  function wake(): void {
    if (ending !== null) isWanted = true
    else if (state === 'stopped' || state === 'asleep') void start()
    else if (state === 'failed') {
      if (deps.now() - failedAtMs >= RETRY_AFTER_MS) void start()
      else deps.onFailure(fault ?? '')
    }
  }

  async function endRun(as: HubSerenaState): Promise<void> {
    clearTimeout(retry)
    const ended = run
    if (ended) ended.isEnding = true
    change(as)
    await ended?.spawned
    await child?.end().catch(deps.onFault)
    child = null
    run = null
    ending = null
  }

  const requestedEnd = (): typeof endsAs => endsAs

  async function endHung(why: string): Promise<void> {
    endsAs = null
    await endRun('starting')
    isWanted = false
    const as = requestedEnd()
    if (as === null) return continueAfter(why, { mayStart: true })
    const isNeeded = deps.onEnded() && as === 'asleep'
    change(as)
    if (isNeeded) wake()
  }

  async function endTree(as: 'asleep' | 'stopped'): Promise<void> {
    await endRun(as)
    const isNeeded = deps.onEnded() && as === 'asleep'
    if (isWanted || isNeeded) wake()
    isWanted = false
  }

  return {
    state: () => state,
    child: () => child,
    fault: () => fault,
    crashes: policy.count,
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

const startFault = (error: unknown): string =>
  error instanceof AppError ? error.message : `Serena could not be started: ${codeIn(error)}.`

function codeIn(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
  if (code === 'ENOENT') return 'no such program or folder'
  return code === 'EACCES' ? 'permission denied' : code
}

/** One sentence, and the end of what it printed. */
export function exitFault({ code, signal, lastWords }: ChildExit): string {
  const how = signal === null ? `exited with code ${code ?? 1}` : `was ended by ${signal}`
  const printed = lastWords === '' ? 'It printed nothing to stderr.' : `Its last output:\n${lastWords}`
  return `Serena ${how}. ${printed}`
}
