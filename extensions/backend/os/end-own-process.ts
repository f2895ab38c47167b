// Ends a process of our own that proved itself, and waits until it has exited.
import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '#contract/errors'
import { createProcessEnder } from './process-ender.ts'

const WAIT_MS = 15_000
const CHECK_EVERY_MS = 50

/**
 * Sends SIGTERM, or terminates it where Windows has none; resolves when it has exited. AppError `own-process-stays` when it has not within
 * 15 s or may not be signaled.
 */
export async function endOwnProcess(pid: number, platform: NodeJS.Platform): Promise<void> {
  const ender = createProcessEnder(platform)
  const fact = (await ender.list()).byPid.get(pid)
  if (!fact) return
  const held = ender.hold(fact, 'own process')
  try {
    const signal = platform === 'win32' ? 'SIGKILL' : 'SIGTERM'
    if ((await held.signal(signal)) === 'refused') throw new AppError('own-process-stays', { pid })
    for (const end = performance.now() + WAIT_MS; performance.now() < end; await sleep(CHECK_EVERY_MS))
      if ((await held.runState()) === null) return
    throw new AppError('own-process-stays', { pid })
  } finally {
    held.release()
  }
}
