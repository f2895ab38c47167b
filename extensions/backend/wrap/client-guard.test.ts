// When a client counts as lost, by a clock of the test.
import { beforeEach, describe, expect, it } from 'vitest'
import { createClientGuard } from './client-guard.ts'

const HOUR_MS = 3_600_000
let nowMs = 0
let lastHeardAtMs = 0
let isClientGone = false
let isClientKnown = true
/** Null: the platform cannot say. */
let hasReader: boolean | null = null
let lost = new Set<number>()
let done: string[] = []

const guardOf = (launchers = 0) =>
  createClientGuard({
    client: isClientKnown ? { hasExited: () => isClientGone } : null,
    hasReader: () => hasReader,
    launchers: Array.from({ length: launchers }, (_, i) => ({ hasExited: () => lost.has(i) })),
    now: () => nowMs,
    lastHeardAtMs: () => lastHeardAtMs,
    end: () => done.push(`end ${nowMs}`),
  })

function passTime(guard: { tick(): void }, ms: number): void {
  for (const end = nowMs + ms; nowMs < end; ) {
    nowMs += 500
    guard.tick()
  }
}

beforeEach(() => {
  nowMs = 0
  lastHeardAtMs = 0
  isClientGone = false
  isClientKnown = true
  hasReader = null
  lost = new Set()
  done = []
})

it('a silent client is not taken for one that has exited', () => {
  const guard = guardOf(2)
  passTime(guard, HOUR_MS)
  expect(done).toEqual([])
  expect(guard.isEnding()).toBe(false)
})

it('a client that has exited: it is ended once', () => {
  const guard = guardOf()
  passTime(guard, 10_000)
  isClientGone = true
  passTime(guard, 60_000)
  expect(done).toEqual(['end 10500'])
  expect(guard.isEnding()).toBe(true)
})

describe('a launcher that exits while the client is running', () => {
  it('ends nothing while the client speaks', () => {
    const guard = guardOf(2)
    lost.add(0)
    passTime(guard, 30_000)
    lastHeardAtMs = nowMs
    passTime(guard, HOUR_MS)
    expect(done).toEqual([])
    // The other one counts as before.
    lost.add(1)
    passTime(guard, 61_000)
    expect(done).toHaveLength(1)
  })

  it('counts as a lost client after a minute of silence', () => {
    const guard = guardOf(1)
    lost.add(0)
    passTime(guard, 60_000)
    expect(done).toEqual([])
    passTime(guard, 5_000)
    expect(done).toEqual(['end 60500'])
  })
})

it('ends on request once, whether the client is running or exits later', () => {
  const guard = guardOf()
  passTime(guard, 10_000)
  guard.end()
  expect(done).toEqual(['end 10000'])
  passTime(guard, 1_000)
  isClientGone = true
  passTime(guard, 60_000)
  expect(done).toEqual(['end 10000'])
  expect(guard.isEnding()).toBe(true)
})

describe('with proof', () => {
  it('a presumed client that has exited ends nothing while the output has a reader, and ends it once it has none', () => {
    const guard = guardOf(1)
    hasReader = true
    isClientGone = true
    lost.add(0)
    passTime(guard, HOUR_MS)
    expect(done).toEqual([])
    hasReader = false
    passTime(guard, 10_000)
    expect(done).toEqual([`end ${HOUR_MS + 500}`])
  })

  it('checks only for a reason: a client that is running, a launcher that has exited, silence without a client', () => {
    hasReader = false
    const healthy = guardOf(1)
    passTime(healthy, HOUR_MS)
    expect(done).toEqual([])
    lost.add(0)
    passTime(healthy, 500)
    expect(done).toHaveLength(1)
    done = []
    isClientKnown = false
    lost = new Set()
    lastHeardAtMs = nowMs
    const unknown = guardOf()
    passTime(unknown, 59_500)
    expect(done).toEqual([])
    passTime(unknown, 500)
    expect(done).toHaveLength(1)
  })
})
