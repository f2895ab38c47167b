// The end of a hub by an injected clock.
import { beforeEach, expect, it } from 'vitest'
import { createHubLifetime, type HubLifetime } from './hub-lifetime.ts'

let nowMs: number
let lifetime: HubLifetime
const USED = { isUsed: true, isReplaced: false, isBusy: () => true }
const UNUSED = { isUsed: false, isReplaced: false, isBusy: () => false }
const isOverAt = (ms: number, use: typeof USED): boolean => {
  nowMs = ms
  return lifetime.isOver(use)
}

beforeEach(() => {
  nowMs = 0
  lifetime = createHubLifetime(1_000, () => nowMs)
})

it('ends some time after its last use', () => {
  expect([isOverAt(900, USED), isOverAt(1_899, UNUSED), isOverAt(1_900, UNUSED)]).toEqual([
    false,
    false,
    true,
  ])
})

it('ends some time after its start if it was never used', () => {
  expect([isOverAt(999, UNUSED), isOverAt(1_000, UNUSED)]).toEqual([false, true])
})

it('retires when no call is running', () => {
  lifetime.retire()
  expect(isOverAt(1, USED)).toBe(false)
  expect(isOverAt(2, { ...USED, isBusy: () => false })).toBe(true)
})

it('ends when it is replaced and no call is running', () => {
  expect(isOverAt(1, { ...USED, isReplaced: true })).toBe(false)
  expect(isOverAt(2, { ...USED, isReplaced: true, isBusy: () => false })).toBe(true)
})
