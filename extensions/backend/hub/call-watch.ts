// The watchdog for tool calls that a Serena never answers: such a call would hold back the changes of all its clients. Long calls are
// normal, so it acts late, and as gently as the case allows (docs/dev/hub.md).
import type { CallLimits } from './call-limits.ts'

export interface CallWatchDeps {
  /** Null: calls are not watched. */
  limits(): CallLimits | null
  /** Milliseconds in which this process was running. */
  now(): number
  /** How long the oldest tool call is running; null: none is. */
  longestMs(): number | null
  /** Resolves when Serena answers; rejects when it has exited. */
  ping(): Promise<unknown>
  /** Returns a function that returns whether child processes of Serena have worked in between. */
  watchChildren(): Promise<() => Promise<boolean>>
  /** Answers the tool calls that have been running for at least this long; returns how many. */
  giveUp(ms: number): number
  /** Ends Serena and starts it as after a crash. */
  restart(why: string): void
  onFault(error: unknown): void
}

export interface CallWatch {
  /** Call it about twice a second while Serena is running. */
  tick(): void
  /** A tool call was answered. */
  answered(): void
}

interface Probe {
  readonly sentAtMs: number
  isAnswered: boolean
  readonly haveChildrenWorked: Promise<() => Promise<boolean>>
  isJudging: boolean
}

/** A Serena that leaves this many calls in a row unanswered is restarted. */
const MOST_UNANSWERED = 3

/** Creates a watch of one Serena. */
export function createCallWatch(deps: CallWatchDeps): CallWatch {
  let probe: Probe | null = null
  let unanswered = 0

  function startProbe(): Probe {
    const own: Probe = {
      sentAtMs: deps.now(),
      isAnswered: false,
      haveChildrenWorked: deps.watchChildren(),
      isJudging: false,
    }
    own.haveChildrenWorked.catch(deps.onFault)
    deps.ping().then(
      () => (own.isAnswered = true),
      () => undefined,
    )
    return own
  }

  function restart(why: string): void {
    probe = null
    unanswered = 0
    deps.restart(why)
  }

  /** Serena hangs; what it has started may still work for the call. */
  async function judge(silent: Probe, { callMs }: CallLimits): Promise<void> {
    silent.isJudging = true
    const haveWorked = await (await silent.haveChildrenWorked)()
    if (probe !== silent || silent.isAnswered || (deps.longestMs() ?? 0) < callMs) return
    if (haveWorked) probe = null
    else restart('it answers neither a tool call nor a ping')
  }

  function atHardLimit(hardMs: number, isSilent: boolean): void {
    if (isSilent) return restart('it answers neither a tool call nor a ping')
    unanswered += deps.giveUp(hardMs)
    if (unanswered >= MOST_UNANSWERED) restart(`it has not answered ${unanswered} tool calls in a row`)
  }

  return {
    tick() {
      const limits = deps.limits()
      const longestMs = deps.longestMs()
      if (limits === null || longestMs === null || longestMs < limits.callMs) {
        probe = null
        return
      }
      probe ??= startProbe()
      const isDue = deps.now() - probe.sentAtMs >= limits.pingMs
      const isSilent = isDue && !probe.isAnswered
      if (longestMs >= limits.hardMs && (isDue || probe.isAnswered)) atHardLimit(limits.hardMs, isSilent)
      else if (isSilent && !probe.isJudging) judge(probe, limits).catch(deps.onFault)
      else if (isDue && probe.isAnswered) probe = null
    },
    answered() {
      unanswered = 0
    },
  }
}
