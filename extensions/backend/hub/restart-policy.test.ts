// Crashes in time.
import { expect, it } from 'vitest'
import { createRestartPolicy } from './restart-policy.ts'

it('starts again with growing delays, and fails with the fourth crash within a minute', () => {
  const policy = createRestartPolicy()
  expect([0, 10_000, 20_000, 59_000].map(policy.crashed)).toEqual([0, 250, 1_000, null])
  expect(policy.count()).toBe(4)
})

it('forgets crashes after a minute', () => {
  const policy = createRestartPolicy()
  expect([0, 30_000, 60_000, 90_000, 120_000].map(policy.crashed)).toEqual([0, 250, 250, 250, 250])
})

it('lets a call try again ten seconds after the last failure', () => {
  const policy = createRestartPolicy()
  expect(policy.mayTryAgain(0)).toBe(true)
  policy.failed(5_000)
  policy.failed(6_000)
  expect([15_999, 16_000].map(policy.mayTryAgain)).toEqual([false, true])
})
