// Whether one process has exited; checked so often that it must be cheap.

import { closeSync, openSync, readSync } from 'node:fs'
import { codeOf } from '../lib/error-code.ts'
import { parseStat, type StatLine } from './linux/parse-proc.ts'
import { runStateOf } from './linux/threads.ts'
import { watchByStart } from './macos/watch-process.ts'
import type { ProcessFact } from './process-facts.ts'
import { watchByHandle } from './windows/watch-process.ts'

export interface WatchedProcess {
  /** True once it has exited or is defunct: then it has no open files. */
  hasExited(): boolean
  release(): void
}

/** Watches the process of that fact. Where neither system call nor file names it, by its pid alone, which is not reused within a second. */
export function watchProcess(
  fact: Pick<ProcessFact, 'pid' | 'identity'>,
  platform: NodeJS.Platform = process.platform,
): WatchedProcess {
  if (platform === 'linux') return watchOnLinux(fact)
  const watched =
    platform === 'win32' ? watchByHandle(fact) : platform === 'darwin' ? watchByStart(fact) : null
  return watched ?? watchByPid(fact.pid)
}

/** The open file never refers to another process: after its exit reads fail, even if its pid was reused. */
function watchOnLinux({ pid, identity }: Pick<ProcessFact, 'pid' | 'identity'>): WatchedProcess {
  const buffer = Buffer.alloc(1024)
  let handle: number | null = null
  let hasExited = false

  function look(): StatLine | null {
    try {
      handle ??= openSync(`/proc/${pid}/stat`, 'r')
      return parseStat(buffer.toString('latin1', 0, readSync(handle, buffer, 0, buffer.length, 0)))
    } catch (error) {
      const code = codeOf(error)
      // Anything else, such as being out of descriptors, proves nothing.
      hasExited ||= code === 'ENOENT' || code === 'ESRCH'
      return null
    }
  }

  const release = (): void => {
    if (handle !== null) closeSync(handle)
    handle = null
  }
  const first = look()
  hasExited ||= first !== null && !identity.endsWith(`:${first.startTicks}`)
  return {
    hasExited() {
      if (hasExited) return true
      const stat = look()
      const runState = stat && runStateOf(pid, stat)
      hasExited ||= runState === 'Z' || runState === 'X'
      if (hasExited) release()
      return hasExited
    },
    release,
  }
}

function watchByPid(pid: number): WatchedProcess {
  let hasExited = false
  return {
    hasExited() {
      try {
        if (!hasExited) process.kill(pid, 0)
      } catch (error) {
        // EPERM: it is running and belongs to another user.
        hasExited = error instanceof Error && 'code' in error && error.code === 'ESRCH'
      }
      return hasExited
    },
    release: () => undefined,
  }
}
