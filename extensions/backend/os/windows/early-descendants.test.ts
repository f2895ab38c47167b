import { describe, expect, it } from 'vitest'
import { createDescendantJoiner } from './early-descendants.ts'
import { systemProcessesAt } from './native-process-info.fixture.ts'
import type { StartRecord } from './started-by.ts'

const BASE = 0x7ff0_0000_0000n
const JOB = 7
/** A FILETIME of 2026; all times are steps after it. */
const DAY = 134_404_847_978_000_000n
const CHILD = 88

const record = (pid: number, parentPid: number, steps: bigint): StartRecord => ({
  pid,
  parentPid,
  created: DAY + steps,
})

/** Processes as the system lists them and as they are, which may differ. A handle is the pid plus 1000. */
function machine(...before: StartRecord[]) {
  const listed = new Map(before.map((one) => [one.pid, one]))
  const real = new Map(listed)
  const inJob = new Set<number>()
  const state = { isListing: true, scans: 0 }
  /** A pid: not opened; its negative: not added; the negative handle: not asked about. */
  const denied = new Set<number>()
  const opened: number[] = []
  const asked: number[] = []
  /** What was open when a process was opened. */
  const openBefore = new Map<number, readonly number[]>()
  const onJoin = new Map<number, () => void>()
  const at = (handle: number | bigint): StartRecord | undefined => real.get(Number(handle) - 1000)
  const joinDescendants = createDescendantJoiner(
    {
      addressOf: () => BASE,
      NtQuerySystemInformation(_, bytes) {
        state.scans++
        if (!state.isListing) return -1
        systemProcessesAt(BASE, ...listed.values()).copy(bytes)
        return 0
      },
      NtQueryInformationProcess(handle, kind, bytes) {
        const parentPid = at(handle)?.parentPid
        if (kind !== 0 || parentPid === undefined) return -1
        bytes.writeBigUInt64LE(BigInt(parentPid), 40)
        return 0
      },
      GetProcessTimes(handle, created) {
        created.writeBigUInt64LE(at(handle)?.created ?? 0n)
        return 1
      },
      OpenProcess(_, __, pid) {
        asked.push(pid)
        if (!real.has(pid) || denied.has(pid)) return 0
        openBefore.set(pid, [...opened])
        opened.push(pid)
        return pid + 1000
      },
      CloseHandle(handle) {
        const index = opened.indexOf(Number(handle) - 1000)
        if (index < 0) throw new Error(`${handle} is not open`)
        opened.splice(index, 1)
        return 1
      },
      IsProcessInJob(handle, job, answer) {
        answer[0] = Number(job === JOB && inJob.has(Number(handle) - 1000))
        return Number(!denied.has(Number(handle) * -1))
      },
      AssignProcessToJobObject(job, handle) {
        const pid = Number(handle) - 1000
        if (job !== JOB || denied.has(-pid)) return 0
        inJob.add(pid)
        onJoin.get(pid)?.()
        return 1
      },
    },
    JOB,
  )
  function start(pid: number, parentPid: number, steps: bigint): void {
    listed.set(pid, record(pid, parentPid, steps))
    real.set(pid, record(pid, parentPid, steps))
  }
  return {
    start,
    listed,
    real,
    inJob,
    denied,
    opened,
    asked,
    openBefore,
    onJoin,
    state,
    join(): readonly number[] {
      inJob.add(CHILD)
      joinDescendants({ pid: CHILD, process: CHILD + 1000 })
      return [...inJob].filter((pid) => pid !== CHILD).sort((a, b) => a - b)
    },
  }
}

const system = [record(4, 0, 1n), record(40, 4, 10n)]

describe('createDescendantJoiner', () => {
  it('adds every generation, and closes its handles', () => {
    const { start, join, opened } = machine(...system)
    start(CHILD, 40, 1000n)
    start(89, CHILD, 1001n)
    start(90, 89, 1002n)
    start(91, CHILD, 1003n)
    start(92, 40, 1004n)
    expect(join()).toEqual([89, 90, 91])
    expect(opened).toEqual([])
  })

  it('holds the parent while it proves a child', () => {
    const { start, join, openBefore } = machine(...system)
    start(CHILD, 40, 1000n)
    start(89, CHILD, 1001n)
    start(90, 89, 1002n)
    join()
    expect(openBefore.get(90)).toContain(89)
  })

  it('finds what a descendant starts until it is in the job', () => {
    const { start, join, onJoin } = machine(...system)
    start(CHILD, 40, 1000n)
    start(89, CHILD, 1001n)
    onJoin.set(89, () => start(90, 89, 1002n))
    expect(join()).toEqual([89, 90])
  })

  it('leaves the child of an earlier process with the same pid alone', () => {
    const { start, join, asked } = machine(...system, record(77, CHILD, 500n))
    start(CHILD, 40, 1000n)
    start(78, CHILD, 900n)
    expect(join()).toEqual([])
    expect(asked).toEqual([])
  })

  it('leaves what ran before alone, though the clock was set back', () => {
    const { start, join } = machine(...system, record(77, CHILD, 5000n))
    start(CHILD, 40, 1000n)
    expect(join()).toEqual([])
  })

  it('leaves a process alone that got the pid of a listed one', () => {
    const { start, join, real, opened } = machine(...system)
    start(CHILD, 40, 1000n)
    start(89, CHILD, 1001n)
    start(90, CHILD, 1002n)
    real.set(89, record(89, 40, 1005n))
    real.set(90, record(90, CHILD, 999n))
    expect(join()).toEqual([])
    expect(opened).toEqual([])
  })

  it('does not descend below what is in the job already', () => {
    const { start, join, inJob, state, asked } = machine(...system)
    start(CHILD, 40, 1000n)
    start(89, CHILD, 1001n)
    start(90, 89, 1002n)
    for (const pid of [89, 90]) inJob.add(pid)
    expect(join()).toEqual([89, 90])
    expect([asked, state.scans]).toEqual([[89], 2])
  })

  it('skips what exits and what Windows refuses', () => {
    const { start, join, real, denied, opened } = machine(...system)
    start(CHILD, 40, 1000n)
    for (const pid of [89, 90, 91, 92, 93]) start(pid, CHILD, 1001n)
    real.delete(89)
    denied.add(90).add(-91).add(-1092)
    expect(join()).toEqual([93])
    expect(opened).toEqual([])
  })

  it('adds nothing without a list', () => {
    const { start, join, state } = machine(...system)
    start(CHILD, 40, 1000n)
    start(89, CHILD, 1001n)
    state.isListing = false
    expect(join()).toEqual([])
  })

  it('stops when programs start programs without end', () => {
    const { start, join, onJoin, state } = machine(...system)
    start(CHILD, 40, 1000n)
    start(101, CHILD, 1001n)
    for (let pid = 101; pid < 200; pid++) onJoin.set(pid, () => start(pid + 1, pid, BigInt(900 + pid + 1)))
    join()
    expect(state.scans).toBeLessThan(30)
  })
})
