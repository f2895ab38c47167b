// Single values are replaced; every other byte stays.
import { describe, expect, it } from 'vitest'
import {
  discoverAnswer,
  errorCodeOf,
  initializeFor,
  modernAnswer,
  withoutModernMeta,
  withSubscription,
} from './modern-translation.ts'

const KEY = 'io.modelcontextprotocol/'
const INFO = '{"name":"Serena","version":"2.1.0"}'
const text = (line: Buffer): string => line.toString('utf8')

describe('withoutModernMeta', () => {
  it.each([
    [
      `{"id":1,"params":{"_meta":{"${KEY}protocolVersion":"x","traceparent": "t" ,"progressToken":1.0},"name":"a"},"method":"m"}`,
      '{"id":1,"params":{"_meta":{"traceparent":"t","progressToken":1.0},"name":"a"},"method":"m"}',
    ],
    [
      `{"method":"m","id":1,"params":{"_meta":{"${KEY}clientInfo":{}}}}`,
      '{"method":"m","id":1,"params":{"_meta":{}}}',
    ],
    ['{"method":"m","id":1,"params":{"_meta":{"a":1}}}', '{"method":"m","id":1,"params":{"_meta":{"a":1}}}'],
    ['{"method":"m","id":1}', '{"method":"m","id":1}'],
  ])('%s', (line, expected) => {
    expect(text(withoutModernMeta(Buffer.from(line)))).toBe(expected)
  })
})

describe('modernAnswer', () => {
  it.each([
    [
      'tools/call',
      '{"jsonrpc":"2.0","id":1,"result":{"content":[],"n":1e400}}',
      `{"jsonrpc":"2.0","id":1,"result":{"resultType":"complete","_meta":{"${KEY}serverInfo":${INFO}},"content":[],"n":1e400}}`,
    ],
    [
      'tools/list',
      '{"jsonrpc":"2.0","id":1,"result":{}}',
      `{"jsonrpc":"2.0","id":1,"result":{"resultType":"complete","ttlMs":0,"cacheScope":"private","_meta":{"${KEY}serverInfo":${INFO}}}}`,
    ],
    [
      'tools/call',
      '{"jsonrpc":"2.0","id":1,"result":{"_meta":{"a":1},"resultType":"complete"}}',
      `{"jsonrpc":"2.0","id":1,"result":{"_meta":{"${KEY}serverInfo":${INFO},"a":1},"resultType":"complete"}}`,
    ],
    [
      'tools/call',
      '{"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"x"}}',
      '{"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"x"}}',
    ],
  ])('of %s: %s', (method, line, expected) => {
    const answer = text(modernAnswer(Buffer.from(line), method, INFO))
    expect(answer).toBe(expected)
    expect(() => JSON.parse(answer) as unknown).not.toThrow()
  })
})

it('makes discovery of the answer to initialize', () => {
  const line = `{"jsonrpc":"2.0","id":0,"result":{"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"serverInfo":${INFO},"instructions":"Read \\"it\\"."}}`
  expect(JSON.parse(text(discoverAnswer(Buffer.from(line), '"d"')))).toEqual({
    jsonrpc: '2.0',
    id: 'd',
    result: {
      resultType: 'complete',
      ttlMs: 0,
      cacheScope: 'private',
      supportedVersions: ['2026-07-28'],
      capabilities: { tools: {} },
      instructions: 'Read "it".',
      _meta: { [`${KEY}serverInfo`]: { name: 'Serena', version: '2.1.0' } },
    },
  })
})

it('makes initialize from the facts in the request, also if it has none', () => {
  const meta = `{"${KEY}clientInfo":{"name":"a"},"${KEY}clientCapabilities":{"roots":{}}}`
  const request = Buffer.from(`{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":${meta}}}`)
  expect(JSON.parse(text(initializeFor(request, '5')))).toMatchObject({
    id: 5,
    params: { protocolVersion: '2025-11-25', capabilities: { roots: {} }, clientInfo: { name: 'a' } },
  })
  const silent = Buffer.from('{"jsonrpc":"2.0","id":1,"method":"tools/list"}')
  expect(JSON.parse(text(initializeFor(silent, '5')))).toMatchObject({ params: { capabilities: {} } })
})

it.each([
  ['{"jsonrpc":"2.0","method":"m"}', { _meta: { [`${KEY}subscriptionId`]: 's' } }],
  ['{"jsonrpc":"2.0","method":"m","params":{}}', { _meta: { [`${KEY}subscriptionId`]: 's' } }],
  ['{"method":"m","params":{"a":1},"jsonrpc":"2.0"}', { _meta: { [`${KEY}subscriptionId`]: 's' }, a: 1 }],
  ['{"method":"m","params":{"_meta":{"b":2}}}', { _meta: { [`${KEY}subscriptionId`]: 's', b: 2 } }],
])('marks %s with its subscription', (line, params) => {
  expect(JSON.parse(text(withSubscription(Buffer.from(line), '"s"')))).toMatchObject({ method: 'm', params })
})

it('reads the code of an error', () => {
  const codeIn = (line: string): number | null => errorCodeOf(Buffer.from(line))
  expect(codeIn('{"id":1,"error":{"message":"m","code":-32601}}')).toBe(-32601)
  expect(codeIn('{"id":1,"result":{"error":{"code":1}}}')).toBeNull()
})
