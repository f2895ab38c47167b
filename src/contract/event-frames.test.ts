import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { makeEventFrames } from './event-frames.ts'

test('pings, comments and blank lines are no events', () => {
  expect(makeEventFrames().push(':\n\n: ping\n\ndata: {"a":1}\n\n')).toEqual(['{"a":1}'])
})

test('the same events come out wherever the text is cut', () => {
  fc.assert(
    fc.property(
      fc.array(fc.jsonValue(), { maxLength: 5 }),
      fc.array(fc.nat(40), { maxLength: 20 }),
      (values, cuts) => {
        const text = values.map((value) => `data: ${JSON.stringify(value)}\n\n`).join(': ping\n\n')
        const frames = makeEventFrames()
        const seen: string[] = []
        let at = 0
        for (const cut of cuts) {
          seen.push(...frames.push(text.slice(at, at + cut)))
          at += cut
        }
        seen.push(...frames.push(text.slice(at)))
        expect(seen.map((data) => JSON.parse(data) as unknown)).toEqual(
          values.map((value) => JSON.parse(JSON.stringify(value)) as unknown),
        )
      },
    ),
  )
})

test('a line without end is refused', () => {
  const frames = makeEventFrames()
  const piece = 'x'.repeat(6 * 1024 * 1024)
  expect(() => [1, 2, 3].map(() => frames.push(piece))).toThrow('an event has no end')
})
