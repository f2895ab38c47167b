import { expect, test } from 'vitest'
import { formatBytes, formatSpan } from './units.ts'

test.each([
  [null, '-'],
  [0, '0 MB'],
  [612_400_000, '612 MB'],
  [999_400_000, '999 MB'],
  [999_600_000, '1.0 GB'],
  [4_123_000_000, '4.1 GB'],
])('%s bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text)
})

test.each([
  [-5, '0 s'],
  [59_999, '59 s'],
  [60_000, '1 min'],
  [3_600_000, '1 h'],
  [11_520_000, '3 h 12 min'],
  [86_400_000 * 2 + 4 * 3_600_000, '2 d 4 h'],
])('%s ms are %s', (spanMs, text) => {
  expect(formatSpan(spanMs)).toBe(text)
})
