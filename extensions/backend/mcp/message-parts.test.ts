// Kinds of messages, and the places of their ids.
import { expect, it } from 'vitest'
import { idKeyOf, partsOf, spanAt } from './message-parts.ts'

it.each([
  ['{"jsonrpc":"2.0","id":12,"result":{"id":3}}', 'answer', null, '12'],
  ['{"jsonrpc":"2.0","id":12,"error":{"code":1}}', 'answer', null, '12'],
  ['{"result":{"id":3},"jsonrpc":"2.0","id":"s"}', 'answer', null, '"s"'],
  ['{"jsonrpc":"2.0","id":0,"method":"tools/list"}', 'request', 'tools/list', '0'],
  ['{"method":"tools/call","params":{"id":9},"jsonrpc":"2.0","id":1}', 'request', 'tools/call', '1'],
  [
    '{"jsonrpc":"2.0","method":"notifications/initialized"}',
    'notification',
    'notifications/initialized',
    null,
  ],
] as const)('%s', (text, kind, method, rawId) => {
  const line = Buffer.from(text)
  const parts = partsOf(line)
  expect(parts).toMatchObject({ kind, method, rawId })
  if (parts?.id) expect(line.toString('utf8', ...parts.id)).toBe(rawId)
})

it('gives the place of a result', () => {
  for (const text of [
    '{"jsonrpc":"2.0","id":1,"result":{"a":[]}}',
    '{"id":1,"result":{"a":[]},"jsonrpc":"2.0"}',
  ]) {
    const line = Buffer.from(text)
    expect(line.toString('utf8', ...(partsOf(line)?.result ?? [0, 0]))).toBe('{"a":[]}')
  }
})

it.each([
  '',
  'INFO started',
  '[{"id":1}]',
  '{}',
  '{"id":1}',
  '{"method":5}',
  '{"jsonrpc":"2.0","id":1,"result":1',
])('is no message: %s', (text) => {
  expect(partsOf(Buffer.from(text))).toBeNull()
})

it('compares ids by value, and numbers with strings never', () => {
  expect(idKeyOf('1')).not.toBe(idKeyOf('"1"'))
  expect(idKeyOf('"\\u0061"')).toBe(idKeyOf('"a"'))
  expect(idKeyOf('9007199254740993')).not.toBe(idKeyOf('9007199254740992'))
})

it('finds a value inside nested objects', () => {
  const line = Buffer.from('{"id":1,"method":"x","params":{"_meta":{"progressToken":"t"}}}')
  const span = spanAt(line, partsOf(line)?.params ?? null, '_meta', 'progressToken')
  expect(span && line.toString('utf8', ...span)).toBe('"t"')
  expect(spanAt(line, null, 'a')).toBeNull()
  expect(spanAt(line, partsOf(line)?.params ?? null, 'a', 'b')).toBeNull()
})
