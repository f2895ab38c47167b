// The quick reader says what a parser of YAML says, or nothing.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { readPlainKeys } from './plain-keys.ts'

const KEYS = ['alpha', 'beta_two', 'gamma']

it('agrees with the parser on every text', () => {
  const key = fc.constantFrom(...KEYS, 'other', 'alpha_more', '"alpha"', '- alpha', '  gamma', '# alpha')
  const value = fc.oneof(
    fc.constantFrom(
      'true',
      'false',
      'yes',
      'null',
      '~',
      '',
      '1',
      '0.5',
      '007',
      '1e3',
      '0x1f',
      '-4',
      '.inf',
      'word',
    ),
    fc.constantFrom(
      '"text"',
      "'te''xt'",
      "'text'",
      '"a\\nb"',
      '|',
      '>',
      '{a: 1}',
      '[1]',
      '&a x',
      '*a',
      '!!str 1',
    ),
    fc.constantFrom(
      'true # said',
      'a: b',
      'two words',
      '"open',
      '2026-11-23',
      'a#b',
      '@x',
      '`x',
      '%x',
      'on',
      'Off',
    ),
  )
  const plain = fc
    .tuple(
      fc.constantFrom(...KEYS, 'other'),
      fc.constantFrom('true', '1', '0.5', 'word', '"text"', 'x # said'),
    )
    .map((parts) => parts.join(': '))
  const line = fc.oneof(
    { arbitrary: plain, weight: 4 },
    fc.tuple(key, fc.constantFrom(': ', ':', ' : ', ':\t'), value).map((parts) => parts.join('')),
    fc.constantFrom(
      '',
      '---',
      '...',
      '# alpha: true',
      '  deeper: 1',
      '- item',
      '? alpha',
      'alpha',
      '%YAML 1.2',
      '"',
      '}',
    ),
  )
  let read = 0
  fc.assert(
    fc.property(fc.array(line, { maxLength: 6 }), fc.constantFrom('\n', '\r\n'), (lines, end) => {
      const text = lines.join(end)
      const found = readPlainKeys(text, KEYS)
      if (found === null || found.size === 0) return
      let whole: unknown
      try {
        whole = parse(text)
      } catch {
        // No YAML at all: its plain lines still say what they say.
        return
      }
      read += 1
      for (const [name, said] of found) expect((whole as Record<string, unknown>)[name], text).toBe(said)
    }),
    { numRuns: 20_000 },
  )
  expect(read).toBeGreaterThan(1_000)
})
