// How long a nonce is good, by two clocks that need not agree.
import { expect, it } from 'vitest'
import { createSessions } from './sessions.ts'

it.each([
  ['a minute of both', { wallMs: 60_000, monotonicMs: 60_000 }, true],
  ['more than that', { wallMs: 60_001, monotonicMs: 60_001 }, false],
  ['a sleep, in which the wall clock alone goes on', { wallMs: 28_800_000, monotonicMs: 5 }, false],
  ['a wall clock that was set back', { wallMs: -3_600_000, monotonicMs: 60_001 }, false],
])('a nonce after %s', (_, passed, isGood) => {
  const now = { wallMs: 1_764_000_000_000, monotonicMs: 90 }
  const sessions = createSessions({ wall: () => now.wallMs, monotonic: () => now.monotonicMs })
  const nonce = sessions.issueNonce()
  now.wallMs += passed.wallMs
  now.monotonicMs += passed.monotonicMs
  expect(sessions.redeem(nonce)).toBe(isGood ? sessions.token : null)
})
