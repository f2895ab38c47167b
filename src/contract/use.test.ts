// Since when an instance is unused, and in which words that is said.
import { expect, test } from 'vitest'
import type { Instance } from './instance.ts'
import { isNeverUsed, isQuietFor, quietSinceMs, quietWords } from './use.ts'

const NOON = Date.parse('2026-11-23T12:00:00Z')
const at = (minutes: number): string => new Date(NOON - minutes * 60_000).toISOString()
const used = (more: Partial<Instance> = {}): Parameters<typeof quietSinceMs>[0] => ({
  state: 'live',
  startedAt: at(600),
  lastActivityAt: at(300),
  ...more,
})

test('counts from the last message, never from before the start', () => {
  expect(quietWords(used(), NOON)).toBe('no MCP message for 5 h')
  expect(quietSinceMs(used({ startedAt: at(10), lastActivityAt: at(300) }))).toBe(NOON - 600_000)
  expect(quietWords(used({ lastActivityAt: at(59) }), NOON)).toBeNull()
  expect(isQuietFor(used(), 300 * 60_000, NOON)).toBe(true)
  expect(isQuietFor(used(), 301 * 60_000, NOON)).toBe(false)
})

test('is null if the time is not known', () => {
  for (const more of [
    { lastActivityAt: null },
    { startedAt: null },
    { quietSince: null },
    { state: 'unknown' as const },
    { state: 'orphaned' as const },
    { state: 'starting' as const },
    { state: 'suspended' as const },
    { state: 'hung' as const },
  ]) {
    expect([more, quietWords(used(more), NOON)]).toEqual([more, null])
    expect(isQuietFor(used(more), 1, NOON)).toBe(false)
    expect(isNeverUsed(used(more), NOON)).toBe(false)
  }
})

test('was never used where only its start was seen, and its start is over', () => {
  expect(
    isNeverUsed(used({ lastActivityAt: new Date(NOON - 600 * 60_000 + 20_000).toISOString() }), NOON),
  ).toBe(true)
  expect(isNeverUsed(used(), NOON)).toBe(false)
  expect(isNeverUsed(used({ startedAt: at(0.2), lastActivityAt: at(0.1) }), NOON)).toBe(false)
})
