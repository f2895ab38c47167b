import { describe, expect, it } from 'vitest'
import { processFact } from '../os/process-fact.fixture.ts'
import { haveWorked } from './children-work.ts'

const child = (pid: number, cpuMs: number | null) => processFact({ pid, identity: `${pid}`, cpuMs })

describe('haveWorked', () => {
  it('is true for a tenth of a processor, or a new process', () => {
    expect(haveWorked([child(2, 500)], [child(2, 1_500)], 10_000)).toBe(true)
    expect(haveWorked([child(2, 500)], [child(2, 500), child(3, 0)], 10_000)).toBe(true)
  })

  it('is false for language servers at rest, and for processes that have exited', () => {
    expect(haveWorked([child(2, 500), child(3, 900)], [child(2, 600)], 10_000)).toBe(false)
    expect(haveWorked([], [], 10_000)).toBe(false)
  })

  it('is true where it is not known', () => {
    expect(haveWorked(null, [], 10_000)).toBe(true)
    expect(haveWorked([], null, 10_000)).toBe(true)
    expect(haveWorked([child(2, null)], [child(2, null)], 10_000)).toBe(true)
  })
})
