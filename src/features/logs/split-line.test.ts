import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { splitLine } from './split-line.ts'

const tools = new Set(['find_symbol', 'read_file'])
const shape = (line: string, search: string): string =>
  splitLine(line, search, tools)
    .map(({ text, kind }) => (kind === 'match' ? `[${text}]` : kind === 'tool' ? `<${text}>` : text))
    .join('')

test.each([
  ['Calling find_symbol now', '', 'Calling <find_symbol> now'],
  ['Calling find_symbol now', 'FIND', 'Calling [find]_symbol now'],
  ['xfind_symbol read_file', '', 'xfind_symbol <read_file>'],
  ['a.b a+b', 'a.b', '[a.b] a+b'],
  ['İ shop', 'shop', 'İ shop'],
])('%j with %j', (line, search, text) => {
  expect(shape(line, search)).toBe(text)
})

test('returns parts that join to the line', () => {
  fc.assert(
    fc.property(fc.string(), fc.string({ maxLength: 3 }), (line, search) => {
      expect(
        splitLine(line, search, tools)
          .map(({ text }) => text)
          .join(''),
      ).toBe(line)
    }),
  )
})

test('treats an exponential pattern as literal text', () => {
  // As an expression it would not end.
  splitLine(`${'a'.repeat(40)}!`.repeat(1_000), '^(a+)+$', tools)
})
