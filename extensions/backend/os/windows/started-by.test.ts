import { describe, expect, it } from 'vitest'
import { identityOf } from './native-process-info.ts'
import { isStartedBy, type StartRecord, startedBy } from './started-by.ts'

/** A FILETIME of 2026; all times are steps after it. */
const DAY = 134_404_847_978_000_000n
const parent = { pid: 88, created: DAY + 1000n }
const at = (pid: number, parentPid: number, steps: bigint): StartRecord => ({
  pid,
  parentPid,
  created: DAY + steps,
})
const none: ReadonlySet<string> = new Set()

describe('isStartedBy', () => {
  it('accepts a child that started later, or in the same step of the clock', () => {
    expect(isStartedBy(at(90, 88, 1001n), parent, none)).toBe(true)
    expect(isStartedBy(at(90, 88, 1000n), parent, none)).toBe(true)
  })

  it('rejects the child of another process', () => {
    expect(isStartedBy(at(90, 87, 1001n), parent, none)).toBe(false)
  })

  it('rejects the child of an earlier process that had the pid of the parent', () => {
    expect(isStartedBy(at(90, 88, 999n), parent, none)).toBe(false)
  })

  it('rejects what ran before the start, even if the clock was set back since', () => {
    expect(isStartedBy(at(90, 88, 5000n), parent, new Set([identityOf(at(90, 4, 5000n))]))).toBe(false)
  })

  it('accepts a child whose pid belonged to a process from before', () => {
    expect(isStartedBy(at(90, 88, 1001n), parent, new Set([identityOf(at(90, 4, 400n))]))).toBe(true)
  })

  it('rejects everything without a known start', () => {
    expect(isStartedBy({ ...at(90, 88, 0n), created: 0n }, parent, none)).toBe(false)
    expect(isStartedBy(at(90, 88, 1001n), { pid: 88, created: 0n }, none)).toBe(false)
  })

  it('rejects the idle process, which is its own parent', () => {
    expect(isStartedBy(at(0, 0, 1n), { pid: 0, created: DAY + 1n }, none)).toBe(false)
  })
})

describe('startedBy', () => {
  it('returns the children of each parent, and not theirs', () => {
    const second = { pid: 89, created: DAY + 1010n }
    const list = [
      at(4, 0, 1n),
      at(88, 40, 1000n),
      at(89, 88, 1010n),
      at(90, 89, 1020n),
      at(91, 90, 1030n),
      at(92, 88, 500n),
    ]
    expect(startedBy(list, [parent, second], none)).toEqual([
      { pid: 89, parent },
      { pid: 90, parent: second },
    ])
  })
})
