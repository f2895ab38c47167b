// Highlighting of YAML: token kinds, and that no character is lost.
import { expect, test } from 'vitest'
import { yamlLines, yamlTokens } from './yaml-tokens.ts'

const kinds = (text: string): string[] =>
  yamlLines(text).flatMap((line) =>
    yamlTokens(line)
      .filter((token) => token.text.trim() !== '')
      .map(({ kind, text: part }) => `${kind} ${part.trim()}`),
  )

test('recognizes keys, values, texts and comments', () => {
  expect(kinds('log_level: 20 # of Python')).toEqual([
    'key log_level',
    'sign :',
    'value 20',
    'comment # of Python',
  ])
  expect(kinds('web_dashboard: true')).toEqual(['key web_dashboard', 'sign :', 'value true'])
  expect(kinds("name: 'it''s'")).toEqual(['key name', 'sign :', "text 'it''s'"])
  expect(kinds('auth_secret: "********"')).toEqual(['key auth_secret', 'sign :', 'text "********"'])
  expect(kinds('path: /srv/a b:c')).toEqual(['key path', 'sign :', 'plain /srv/a b:c'])
  expect(kinds('# only: a comment')).toEqual(['comment # only: a comment'])
  expect(kinds('port:')).toEqual(['key port', 'sign :'])
})

test('recognizes lists and flow collections', () => {
  expect(kinds('- /srv/shop')).toEqual(['sign -', 'plain /srv/shop'])
  expect(kinds('- name: x')).toEqual(['sign -', 'key name', 'sign :', 'plain x'])
  expect(kinds('tools: [find, 3]')).toEqual([
    'key tools',
    'sign :',
    'sign [',
    'plain find',
    'sign ,',
    'value 3',
    'sign ]',
  ])
  expect(kinds('gui: {on: no}')).toEqual([
    'key gui',
    'sign :',
    'sign {',
    'key on',
    'sign :',
    'value no',
    'sign }',
  ])
})

test('ends a text block with its indentation', () => {
  expect(kinds('prompt: |\n  key: no key\n\n  # no comment\nnext: 1')).toEqual([
    'key prompt',
    'sign :',
    'plain |',
    'text key: no key',
    'text # no comment',
    'key next',
    'sign :',
    'value 1',
  ])
})

test.each([
  '',
  '\n\n',
  'a: "open',
  "b: 'open",
  ': : :',
  '- - -',
  '{[,]}: x',
  '\tkey:\tvalue',
  '\u202Eevil: <script>',
  'x'.repeat(3_000),
  '": ".*&!|>%@`',
  'a:b:c: d',
  `${'['.repeat(500)}`,
])('no letter is lost: %j', (text) => {
  const drawn = yamlLines(text).map((line) =>
    yamlTokens(line)
      .map((token) => token.text)
      .join(''),
  )
  expect(drawn.join('\n')).toBe(text)
})

test('handles a long line quickly', () => {
  const began = performance.now()
  for (const line of [
    `${'a '.repeat(20_000)}`,
    `${'"'.repeat(20_000)}`,
    `${'a:'.repeat(20_000)}`,
    ' '.repeat(20_000),
  ])
    yamlTokens({ text: line, isBlock: false })
  expect(performance.now() - began).toBeLessThan(10_000)
})
