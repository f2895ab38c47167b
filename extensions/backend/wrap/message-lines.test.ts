// Every byte goes somewhere, once, in order; whole messages to the client, the rest never.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createMessageLines } from './message-lines.ts'

function split(chunks: readonly Buffer[]): { message: string; other: string } {
  const message: Buffer[] = []
  const other: Buffer[] = []
  const lines = createMessageLines({
    message: (bytes) => message.push(Buffer.from(bytes)),
    other: (bytes) => other.push(Buffer.from(bytes)),
  })
  for (const chunk of chunks) lines.push(chunk)
  lines.end()
  return { message: Buffer.concat(message).toString(), other: Buffer.concat(other).toString() }
}

const cut = (text: string, places: readonly number[]): Buffer[] => {
  const bytes = Buffer.from(text)
  const at = [0, ...places.map((place) => place % (bytes.length + 1)), bytes.length].sort((a, b) => a - b)
  return at.slice(1).map((end, i) => bytes.subarray(at[i], end))
}

it.each([
  ['{"id":1}\n', '{"id":1}\n', ''],
  ['  {"id":1}\r\n', '  {"id":1}\r\n', ''],
  ['[{"id":1},{"id":2}]\n', '[{"id":1},{"id":2}]\n', ''],
  ['{ "id": 1 }\n', '{ "id": 1 }\n', ''],
  ['INFO started\n{"id":1}\n', '{"id":1}\n', 'INFO started\n'],
  ['\n\n{"id":1}\n', '{"id":1}\n', '\n\n'],
  ['{not json\n', '', '{not json\n'],
  ['[1, 2]\n[INFO] x\n', '', '[1, 2]\n[INFO] x\n'],
  ['{"id":1}', '{"id":1}', ''],
  ['  {', '', '  {'],
  [`${' '.repeat(400)}{"id":1}\n`, '', `${' '.repeat(400)}{"id":1}\n`],
])('%j', (text, message, other) => {
  expect(split([Buffer.from(text)])).toEqual({ message, other })
})

it('is the same for any chunk boundaries', () => {
  const line = fc.oneof(
    fc.constantFrom(
      '{"id":1}',
      ' {"ä":"🍏"}',
      '[{"id":2}]',
      'other',
      '',
      '   ',
      '{',
      '[',
      '[[{"',
      '{x',
      '\t{"a',
    ),
    fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\n', ' ')),
  )
  fc.assert(
    fc.property(fc.array(line), fc.array(fc.nat()), fc.boolean(), (lines, places, endsWhole) => {
      const text = lines.join('\n') + (endsWhole ? '\n' : '')
      const whole = split([Buffer.from(text)])
      expect(split(cut(text, places))).toEqual(whole)
      expect(whole.message.length + whole.other.length).toBe(text.length)
      for (const one of whole.message.split('\n').filter(Boolean))
        expect(one).toMatch(/^[ \t\r]*(\{[ \t\r]*"|\[[ \t\r]*\{)/)
    }),
    { numRuns: 2_000 },
  )
})
