// When a client counts as gone, and what is done then, by a clock of the test.
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
    client: isClientKnown ? { isGone: () => isClientGone } : null,
    hasReader: () => hasReader,
    launchers: Array.from({ length: launchers }, (_, i) => ({ isGone: () => lost.has(i) })),
    now: () => nowMs,
    lastHeardAtMs: () => lastHeardAtMs,
    closeInput: () => done.push(`input ${nowMs}`),
    terminate: () => done.push(`terminate ${nowMs}`),
    force: () => done.push(`force ${nowMs}`),
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

it('a client that is silent for an hour is left in peace', () => {
  const guard = guardOf(2)
  passTime(guard, HOUR_MS)
  expect(done).toEqual([])
  expect(guard.isEnding()).toBe(false)
})

it('a client that is gone: its input at once, SIGTERM at 2 s, its tree at 4 s, each once', () => {
  const guard = guardOf()
  passTime(guard, 10_000)
  isClientGone = true
  passTime(guard, 60_000)
  expect(done).toEqual(['input 10500', 'terminate 12500', 'force 14500'])
  expect(guard.isEnding()).toBe(true)
})

it('after a sleep of the machine all that is due is done, in order', () => {
  const guard = guardOf()
  isClientGone = true
  guard.tick()
  nowMs = HOUR_MS
  guard.tick()
  expect(done).toEqual(['input 0', `terminate ${HOUR_MS}`, `force ${HOUR_MS}`])
})

describe('a launcher that ends while the client lives', () => {
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
    expect(done[0]).toMatch(/^input /)
  })

  it('counts as the end of the wire after a minute of silence', () => {
    const guard = guardOf(1)
    lost.add(0)
    passTime(guard, 60_000)
    expect(done).toEqual([])
    passTime(guard, 5_000)
    expect(done).toEqual(['input 60500', 'terminate 62500', 'force 64500'])
  })
})

it('told to end: the same steps, though the client lives and whatever becomes of it', () => {
  const guard = guardOf()
  passTime(guard, 10_000)
  guard.end()
  expect(done).toEqual(['input 10000'])
  passTime(guard, 1_000)
  isClientGone = true
  passTime(guard, 60_000)
  expect(done).toEqual(['input 10000', 'terminate 12000', 'force 14000'])
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
    expect(done).toEqual([
      `input ${HOUR_MS + 500}`,
      `terminate ${HOUR_MS + 2_500}`,
      `force ${HOUR_MS + 4_500}`,
    ])
  })

  it('looks only for a reason: a client that is running, a launcher that has exited, silence without a client', () => {
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
