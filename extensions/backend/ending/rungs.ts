// The graceful rungs of the ending ladder.
import { AppError } from '#contract/errors'
import type { HeldProcess } from '../os/held-process.ts'
import type { Rung } from './ladder.ts'

/** One language server's end may take 2 s + 5 s + 2 s, an init that does not reap 4 s more. */
export const ASKED_MS = 10_000

/** Requests a graceful shutdown. An AppError of `ask` is not a failure: the next rung follows immediately. */
export function askRung(ask: () => Promise<void>): Rung {
  let failure: { error: unknown } | null = null
  return {
    way: 'shutdown',
    start() {
      // Serena never answers this call, so it is not awaited: the exit of the process is the response.
      ask().catch((error: unknown) => {
        failure = { error }
      })
    },
    hasFailed() {
      if (failure && !(failure.error instanceof AppError)) throw failure.error
      return failure !== null
    },
    waitMs: ASKED_MS,
  }
}

/** Sends SIGTERM to each, and wakes those that are stopped: a stopped process only queues the signal. */
export function terminateRung(
  targets: () => readonly HeldProcess[],
  waitMs: number,
  onSent: (targets: readonly HeldProcess[]) => void = () => undefined,
): Rung {
  return {
    way: 'terminate',
    async start() {
      const held = targets()
      onSent(held)
      for (const one of held) await one.signal('SIGTERM')
      for (const one of held) if ((await one.runState()) === 'T') await one.signal('SIGCONT')
    },
    waitMs,
  }
}

/** Returns true if none of them is running. */
export async function haveExited(held: readonly HeldProcess[]): Promise<boolean> {
  for (const one of held) if ((await one.runState()) !== null) return false
  return true
}
