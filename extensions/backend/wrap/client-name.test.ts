// The name in the first message of MCP.
import { expect, it } from 'vitest'
import { clientNameIn } from './client-name.ts'

const hello = (clientInfo: unknown): string =>
  `${JSON.stringify({ jsonrpc: '2.0', id: 0, method: 'initialize', params: { clientInfo } })}\n`

it.each([
  [[hello({ name: 'claude-code', version: '2' }), '{"method":"x"}\n'], 'claude-code'],
  [[hello({ name: 'ä'.repeat(300) })], 'ä'.repeat(256)],
  [[hello({ name: '' })], null],
  [[hello({ name: 7 })], null],
  [[hello(null)], null],
  [['{"jsonrpc":"2.0","meth'], null],
  [[], null],
])('%#', (chunks, name) => {
  expect(clientNameIn(chunks.map((text) => Buffer.from(text)))).toBe(name)
})

it('is read across chunks', () => {
  const bytes = Buffer.from(hello({ name: 'größer' }))
  expect(clientNameIn(Array.from(bytes, (byte) => Buffer.of(byte)))).toBe('größer')
})
