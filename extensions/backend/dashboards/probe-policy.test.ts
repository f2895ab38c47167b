// When a dashboard is asked again.
import { describe, expect, it } from 'vitest'
import { AFTER_MISS_MS, isProbeDue, MOVED_MS, REST_MS } from './probe-policy.ts'

const due = (sinceMs: number, misses = 0, hasMoved = false) =>
  isProbeDue({ lastProbeAtMs: 1_000, misses, hasMoved }, 1_000 + sinceMs)

describe('isProbeDue', () => {
  it('is due if it was never probed', () => {
    expect(isProbeDue({ lastProbeAtMs: null, misses: 0, hasMoved: false }, 0)).toBe(true)
  })

  it('is seldom due while idle', () => {
    expect(due(REST_MS - 1)).toBe(false)
    expect(due(REST_MS)).toBe(true)
  })

  it('is due early after activity, and soon after a miss', () => {
    expect(due(MOVED_MS - 1, 0, true)).toBe(false)
    expect(due(MOVED_MS, 0, true)).toBe(true)
    expect(due(AFTER_MISS_MS - 1, 1)).toBe(false)
    expect(due(AFTER_MISS_MS, 1)).toBe(true)
  })

  it("stays below a tenth of the requests of Serena's page while idle, and a fifth while active", () => {
    const stockPerSecond = 3
    expect(1_000 / REST_MS).toBeLessThanOrEqual(stockPerSecond / 10)
    expect(1_000 / MOVED_MS).toBeLessThanOrEqual(stockPerSecond / 5)
  })
})
