import { describe, expect, test } from 'vitest'
import { clockTime, compareWords, dayInWords, exactTime, groupedNumber } from './locale.ts'

const iso = '2026-11-28T14:02:09.000Z'

describe('locale formats', () => {
  test('match the formats of the engine', () => {
    const date = new Date(iso)
    expect(exactTime(iso)).toBe(date.toLocaleString())
    expect(clockTime(iso)).toBe(
      date.toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }),
    )
    expect(dayInWords(date)).toContain('2026')
    expect(groupedNumber(1_234_567)).toBe('1,234,567')
  })

  test('compares numbers in names as numbers', () => {
    expect(['shop-10', 'shop-2', 'Shop-1'].sort(compareWords)).toEqual(['Shop-1', 'shop-2', 'shop-10'])
  })
})
