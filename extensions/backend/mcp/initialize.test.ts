// Protocol versions and names in `initialize`.
import { expect, it } from 'vitest'
import { clientName, newestVersion, requestedVersion, serverVersion, withVersion } from './initialize.ts'

const request = (version: unknown, name: unknown = 'claude-code'): Buffer =>
  Buffer.from(
    JSON.stringify({
      id: 1,
      method: 'initialize',
      params: { protocolVersion: version, clientInfo: { name } },
    }),
  )
const answer = (version: string): Buffer =>
  Buffer.from(
    `{"jsonrpc":"2.0","id":0,"result":{"protocolVersion":"${version}","serverInfo":{"name":"S","version":"2.1.0"}}}`,
  )

it('reads version and names', () => {
  expect([requestedVersion(request('2025-06-18')), requestedVersion(request(7))]).toEqual([
    '2025-06-18',
    null,
  ])
  expect([clientName(request('x')), clientName(request('x', '')), clientName(request('x', 7))]).toEqual([
    'claude-code',
    null,
    null,
  ])
  expect(clientName(request('x', 'ä'.repeat(300)))).toBe('ä'.repeat(256))
  expect(serverVersion(answer('x'))).toBe('2.1.0')
})

it.each([
  ['2025-06-18', '2025-11-25', '2025-06-18'],
  ['2024-11-05', '2025-11-25', '2024-11-05'],
  ['2026-07-28', '2025-11-25', '2025-11-25'],
  ['2025-11-25', '2025-03-26', '2025-03-26'],
  [null, '2025-11-25', '2025-11-25'],
])('a client that asks for %s of a server with %s gets %s', (asked, newest, version) => {
  expect(withVersion(answer('2025-06-18'), asked, newest).toString()).toBe(answer(version).toString())
})

it.each([
  ['2025-06-18', '2025-06-18', '2025-11-25'],
  ['2025-11-25', '2025-03-26', '2025-03-26'],
  ['2026-07-28', '2025-11-25', '2025-11-25'],
])('a server that answers %s with %s has %s', (asked, answered, newest) => {
  expect(newestVersion(request(asked), answer(answered))).toBe(newest)
})
