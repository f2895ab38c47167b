// Lines from chunks of any size.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createLineSplitter } from './line-splitter.ts'

function split(
  chunks: readonly Buffer[],
  maxBytes = 1000,
): { lines: string[]; tooLong: number; rest: string | null } {
  const lines: string[] = []
  let tooLong = 0
  const splitter = createLineSplitter((line) => lines.push(line.toString('utf8')), {
    maxBytes,
    onTooLong: () => tooLong++,
  })
  for (const chunk of chunks) splitter.push(chunk)
  return { lines, tooLong, rest: splitter.rest()?.toString('utf8') ?? null }
}

it('joins chunks of any size', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' })), fc.integer({ min: 1, max: 7 }), (texts, size) => {
      const wanted = texts.map((text) => text.replaceAll('\n', '')).filter((text) => text !== '')
      const bytes = Buffer.from(wanted.map((text) => `${text}\n`).join(''))
      const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
        bytes.subarray(i * size, (i + 1) * size),
      )
      expect(split(chunks, 100_000)).toEqual({ lines: wanted, tooLong: 0, rest: null })
    }),
  )
})

it('keeps an incomplete last line', () => {
  expect(split([Buffer.from('a\nb')])).toEqual({ lines: ['a'], tooLong: 0, rest: 'b' })
})

it('drops a line that is too long, and continues with the next one', () => {
  expect(
    split(
      ['12345', '6789', '0\nab\n'].map((text) => Buffer.from(text)),
      6,
    ),
  ).toEqual({
    lines: ['ab'],
    tooLong: 1,
    rest: null,
  })
})
