import { expect, test } from 'vitest'
import { splitHead } from './split-head.ts'

const joined = (line: string): string => {
  const { parts, message } = splitHead(line)
  return parts.map(({ text }) => text).join('') + message
}

test('separates the head of a line from its message and loses no character', () => {
  const line = '  2026-11-30 11:48:52,441 [MainThread] serena.cli:start:432 - Started [1] - ready'
  const { parts, message } = splitHead(line)
  expect(parts.filter(({ isFine }) => !isFine).map(({ text }) => text)).toEqual([
    '  ',
    '11:48:52',
    ' serena.cli:start:432 - ',
  ])
  expect(message).toBe('Started [1] - ready')
  expect(joined(line)).toBe(line)
})

test('leaves a line without such a head as it is', () => {
  for (const line of ['', 'Traceback (most recent call last):', ' 2026-11-30 no time']) {
    expect(splitHead(line)).toEqual({ parts: [], message: line })
  }
})
