// A client that has exited before the first scan.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { processFact, processTable } from '../os/process-fact.fixture.ts'
import { LAUNCHER_SILENCE_MS } from './client-guard.ts'
import { guardClientOf } from './guarded-client.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }))
afterEach(() => void vi.useRealTimers())

/** Windows keeps naming a parent that has exited; elsewhere another process adopts the orphan, which never exits. */
const isWindows = process.platform === 'win32'
const PARENT = 2_147_483_000

test.runIf(isWindows)(
  'counts as exited after a minute of silence, although Windows still reports it as the parent',
  () => {
    const end = vi.fn()
    const self = processFact({ pid: process.pid, ppid: PARENT })
    const { chain, guard } = guardClientOf({
      pid: self.pid,
      parentPid: PARENT,
      table: processTable(self),
      lastHeardAtMs: () => 0,
      end,
      onFault: (error) => {
        throw error
      },
    })
    expect(chain).toBeNull()
    guard.tick()
    vi.advanceTimersByTime(LAUNCHER_SILENCE_MS - 1)
    guard.tick()
    expect(end).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    guard.tick()
    expect(end).toHaveBeenCalledOnce()
  },
)
