// Whether one process has ended, asked so often that it must cost nothing.
import { closeSync, openSync, readSync } from 'node:fs'
import type { ProcessFact } from '../facts.ts'
import { parseStat, type StatLine } from './linux/parse-proc.ts'
import { runStateOf } from './linux/threads.ts'

export interface WatchedProcess {
  /** True once it has ended, or is defunct: then it holds nothing and serves nobody. */
  isGone(): boolean
  release(): void
}

/** Watches the process that the list named. Elsewhere than on Linux by its pid alone, which nobody else has within a second. */
export function watchProcess(
  fact: Pick<ProcessFact, 'pid' | 'identity'>,
  platform: NodeJS.Platform = process.platform,
): WatchedProcess {
  return platform === 'linux' ? watchOnLinux(fact) : watchByPid(fact.pid)
}

/** The open file never comes to mean another process: after its end reads fail even while its pid is in use again. */
function watchOnLinux({ pid, identity }: Pick<ProcessFact, 'pid' | 'identity'>): WatchedProcess {
  const buffer = Buffer.alloc(1024)
  let handle: number | null = null
  let isGone = false

  function look(): StatLine | null {
    try {
      handle ??= openSync(`/proc/${pid}/stat`, 'r')
      return parseStat(buffer.toString('latin1', 0, readSync(handle, buffer, 0, buffer.length, 0)))
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined
      // Anything else, such as being out of descriptors, proves nothing.
      isGone ||= code === 'ENOENT' || code === 'ESRCH'
      return null
    }
  }

  const release = (): void => {
    if (handle !== null) closeSync(handle)
    handle = null
  }
  const first = look()
  isGone ||= first !== null && !identity.endsWith(`:${first.startTicks}`)
  return {
    isGone() {
      if (isGone) return true
      const stat = look()
      const runState = stat && runStateOf(pid, stat)
      isGone ||= runState === 'Z' || runState === 'X'
      if (isGone) release()
      return isGone
    },
    release,
  }
}

function watchByPid(pid: number): WatchedProcess {
  let isGone = false
  return {
    isGone() {
      try {
        if (!isGone) process.kill(pid, 0)
      } catch (error) {
        // EPERM: it lives, and is another user's.
        isGone = error instanceof Error && 'code' in error && error.code === 'ESRCH'
      }
      return isGone
    },
    release: () => undefined,
  }
}
