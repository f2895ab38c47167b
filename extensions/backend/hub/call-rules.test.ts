// The limits of servers by their versions, and what counts as read-only.
import { expect, it } from 'vitest'
import { callRules } from './call-rules.ts'

const NO_TOOLS = { names: new Set<string>(), readOnly: new Set<string>() }
const initialized = (version: string): Buffer =>
  Buffer.from(`{"jsonrpc":"2.0","id":0,"result":{"serverInfo":{"name":"x","version":"${version}"}}}`)

it.each([
  ['1.26.0', 1],
  ['2.1.0', 8],
  ['10.0.0', 8],
  ['dev', 1],
])('lets a Serena %s have %i calls at once', (version, limit) => {
  expect(callRules(true, initialized(version), NO_TOOLS)).toMatchObject({ limit, isSerial: true })
})

it('lets a Serena of an unknown version have one call at once', () => {
  expect(callRules(true, null, NO_TOOLS).limit).toBe(1)
})

it('does not limit another server', () => {
  expect(callRules(false, initialized('1.0.0'), NO_TOOLS)).toMatchObject({
    limit: Number.POSITIVE_INFINITY,
    isSerial: false,
  })
})

it('takes no change of project or modes for read-only, however it is marked', () => {
  const readOnly = new Set(['find_symbol', 'activate_project', 'switch_modes', 'serena_repl'])
  const { isReadOnly } = callRules(true, null, { names: readOnly, readOnly })
  expect([...readOnly].filter(isReadOnly)).toEqual(['find_symbol'])
  expect(isReadOnly('replace_content')).toBe(false)
})
