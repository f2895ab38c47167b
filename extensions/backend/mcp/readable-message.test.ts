import { describe, expect, it } from 'vitest'
import { isReadableMessage } from './readable-message.ts'

const call = (more: string): Buffer => Buffer.from(`{"jsonrpc":"2.0","id":1,"method":"tools/call",${more}}`)
const withArgument = (json: string): Buffer => call(`"params":{"name":"read","arguments":{"x":${json}}}`)
const deep = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)

describe('reads', () => {
  it.each([
    '"\\ud83d\\ude00"',
    '"\\\\ud800"',
    '"\\u0000"',
    '1e999',
    `"${'9'.repeat(5_000)}"`,
    deep(198),
    'null',
  ])('the argument %.30s', (json) => expect(isReadableMessage(withArgument(json))).toBe(true))

  it.each(['"params":null', '"params":{}', '"params":{"name":5}', '"result":{}'])('%s', (more) =>
    expect(isReadableMessage(call(more))).toBe(true),
  )
})

describe('drops', () => {
  it.each(['"\\ud800"', '{"\\udc00":1}', '9'.repeat(5_000), deep(200), deep(5_000)])(
    'the argument %.30s',
    (json) => expect(isReadableMessage(withArgument(json))).toBe(false),
  )

  it.each(['"params":[]', '"params":"x"', '"params":5', '"error":{"code":1,"message":"x"}'])('%s', (more) =>
    expect(isReadableMessage(call(more))).toBe(false),
  )

  it.each(['', 'x', '5', '[]', '{}', '{"id":1,"method":"ping"}', '{"jsonrpc":"1.0","id":1,"method":"ping"}'])(
    'the line %s',
    (line) => expect(isReadableMessage(Buffer.from(line))).toBe(false),
  )
})
