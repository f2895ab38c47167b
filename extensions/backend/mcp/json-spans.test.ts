// Spans of values, against JSON.parse.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { objectSpans, splice, spliceAll } from './json-spans.ts'

const textAt = (bytes: Buffer, key: string): string | undefined => {
  const span = objectSpans(bytes)?.get(key)
  return span && bytes.toString('utf8', span[0], span[1])
}

it.each([
  ['{"id":1,"a":2}', 'id', '1'],
  ['{ "id" : -1.5e3 , "a":2}', 'id', '-1.5e3'],
  ['{"a":{"id":7},"id":"x"}', 'id', '"x"'],
  [String.raw`{"a":"\"id\":3","id":"\\"}`, 'id', String.raw`"\\"`],
  [String.raw`{"a":"\\\"","id":null}`, 'id', 'null'],
  ['{"a":[1,{"b":"]}"}],"id":0}', 'id', '0'],
  ['{"id":1,"id":2}', 'id', '2'],
  [String.raw`{"\u0069d":5}`, 'id', '5'],
  ['{"größe":"ü","id":3}', 'id', '3'],
  ['{}', 'id', undefined],
])('%s', (text, key, value) => {
  expect(textAt(Buffer.from(text), key)).toBe(value)
})

it.each(['', '[]', '1', 'x', '{', '{"a"', '{"a":', '{"a":1', '{a:1}', '{"a" 1}'])('is none: %s', (text) => {
  expect(objectSpans(Buffer.from(text))).toBeNull()
})

describe('any object', () => {
  const object = fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue())

  it('has the value of each key at its span', () => {
    fc.assert(
      fc.property(object, fc.constantFrom(undefined, 1, '\t'), (value, indent) => {
        const bytes = Buffer.from(JSON.stringify(value, null, indent))
        const spans = objectSpans(bytes)
        const read = Object.fromEntries(
          [...(spans ?? [])].map(([key, [from, to]]) => [key, JSON.parse(bytes.toString('utf8', from, to))]),
        )
        expect(read).toEqual(JSON.parse(bytes.toString('utf8')))
      }),
    )
  })

  it('keeps every other byte when a value is replaced', () => {
    fc.assert(
      fc.property(object, fc.jsonValue(), (value, other) => {
        const bytes = Buffer.from(JSON.stringify({ before: value, id: 1, after: value }))
        const span = objectSpans(bytes)?.get('id') ?? [0, 0]
        const text = JSON.stringify(other)
        expect(splice(bytes, span, text).toString('utf8')).toBe(
          JSON.stringify({ before: value, id: 'PLACE', after: value }).replace('"PLACE"', () => text),
        )
      }),
    )
  })
})

it('replaces several values in any order', () => {
  const bytes = Buffer.from('{"a":1,"b":22,"c":3}')
  const spans = objectSpans(bytes)
  const [a, b] = [spans?.get('a') ?? ([0, 0] as const), spans?.get('b') ?? ([0, 0] as const)]
  expect(
    spliceAll(bytes, [
      [b, '"x"'],
      [a, '100'],
    ]).toString(),
  ).toBe('{"a":100,"b":"x","c":3}')
})
