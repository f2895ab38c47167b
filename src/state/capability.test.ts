import { expect, test } from 'vitest'
import { cachedTime, dataOf, unavailableReason } from './capability.ts'

test('returns the data of an available answer only', () => {
  expect(dataOf({ isAvailable: true, data: 1 })).toBe(1)
  expect(dataOf({ isAvailable: false, since: null, why: 'x' })).toBeNull()
  expect(dataOf(undefined)).toBeNull()
})

test('explains an unavailable answer, with the version that has it and without hidden characters', () => {
  expect(unavailableReason({ isAvailable: false, since: '1.0.0', why: 'No\u200B statistics.' })).toBe(
    'No\\u{200B} statistics. Available since Serena 1.0.0.',
  )
  expect(unavailableReason({ isAvailable: false, since: null, why: 'Off.' })).toBe('Off.')
  expect(unavailableReason({ isAvailable: true, data: 1 })).toBeNull()
  expect(unavailableReason(undefined)).toBeNull()
})

test('formats the age of a cached answer', () => {
  expect(cachedTime(null, 0)).toBeNull()
  expect(cachedTime(0, 120_000)?.ago).toBe('2 min ago')
})
