// Sessions in a real store: which may be continued, and what is repeated then.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Route } from './http-request.ts'
import type { Reply } from './reply.ts'
import { createSessionRecords, type SessionRecords } from './session-records.ts'
import { createSessionStore } from './session-store.ts'

let folder: string
let records: SessionRecords
let answers: string[]
const ROUTE: Route = { kind: 'route', project: 'shop', context: null }
const reply: Reply = {
  message: () => undefined,
  answer: (line) => void answers.push(line.toString()),
  end: () => undefined,
  hasEvents: false,
  unreadBytes: () => 0,
}
const callOf = (tool: string): string => `{"id":1,"method":"tools/call","params":{"name":"${tool}"}}`
function answer(tool: string, result: string): void {
  const line = `{"jsonrpc":"2.0","id":1,"result":${result}}`
  records.recording('a', Buffer.from(callOf(tool)), reply).answer(Buffer.from(line))
  expect(answers.at(-1)).toBe(line)
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'deck-records-'))
  answers = []
  const store = createSessionStore(folder, Date.now, (error) => {
    throw error
  })
  records = createSessionRecords(store)
  records.opened('a', ROUTE, Buffer.from('{"id":0}'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

it('are open at their own URL until they end', () => {
  expect(records.isOpen('a', ROUTE)).toBe(true)
  expect(records.isOpen('a', { ...ROUTE, project: 'other' })).toBe(false)
  expect(records.isOpen('a', { ...ROUTE, context: 'ide' })).toBe(false)
  expect(records.isOpen('lost', ROUTE)).toBe(true)
  for (const id of ['a', 'lost']) records.ended(id)
  expect([records.isOpen('a', ROUTE), records.isOpen('lost', ROUTE)]).toEqual([false, false])
  expect(records.get('a')).toMatchObject({ initialize: '', isEnded: true })
})

it('record the last successful change of project and modes', () => {
  answer('activate_project', '{"content":[]}')
  answer('switch_modes', '{"content":[],"isError":true}')
  answer('find_symbol', '{"content":[]}')
  expect(records.get('a')?.replay).toEqual({ activate_project: callOf('activate_project') })
})
