import { expect, test } from 'vitest'
import { age, ago } from './relative-time.ts'

const NOW = Date.parse('2026-11-23T12:00:00Z')

test('formats ages and relative times', () => {
  expect(ago('2026-11-23T11:59:30Z', NOW)).toBe('now')
  expect(ago('2026-11-23T11:58:00Z', NOW)).toBe('2 min ago')
  expect(ago(null, NOW)).toBeNull()
  const startedAt = '2026-11-23T08:48:00Z'
  expect(age({ startedAt, state: 'live' }, NOW)).toBe('3 h 12 min')
  // The process has exited.
  expect(age({ startedAt, state: 'dead' }, NOW)).toBeNull()
})
