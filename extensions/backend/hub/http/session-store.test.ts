// The sessions on disk: what a hub writes, the next one reads; what is damaged or too old counts as nothing.
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createSessionStore, type StoredSession } from './session-store.ts'

let folder = ''
let nowMs = 0
const faults: unknown[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'deck-sessions-'))
  nowMs = 1_000_000_000
  faults.length = 0
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))
const store = () =>
  createSessionStore(
    folder,
    () => nowMs,
    (error) => faults.push(error),
  )
const session = (id: string, others: Partial<StoredSession> = {}): StoredSession => ({
  id,
  project: 'shop',
  context: null,
  initialize: '{}',
  replay: {},
  usedAtMs: nowMs,
  isEnded: false,
  ...others,
})

it('gives the next hub what the previous one stored, with mode 600', () => {
  const one = session('a', { context: 'ide', replay: { switch_modes: '{"id":1}' } })
  store().put(one)
  expect(store().get('a')).toEqual(one)
  expect(statSync(join(folder, 'http-sessions.json')).mode & 0o777).toBe(0o600)
})

it('forgets what is a week old, and the oldest of more than 500', () => {
  const first = store()
  first.put(session('old'))
  nowMs += 8 * 24 * 3_600_000
  for (let at = 0; at < 501; at++) first.put(session(`s${at}`))
  const next = store()
  expect([next.get('old'), next.get('s0'), next.get('s1')?.id, next.get('s500')?.id]).toEqual([
    null,
    null,
    's1',
    's500',
  ])
})

it('keeps no large initialize', () => {
  store().put(session('a', { initialize: 'x'.repeat(70_000) }))
  expect(store().get('a')?.initialize).toBe('')
})

it.each(['', '{', '{}', '[1,{"id":1}]', '[{"id":"a","project":"p","initialize":"","context":1}]'])(
  'starts empty with %j in the file',
  (text) => {
    writeFileSync(join(folder, 'http-sessions.json'), text)
    expect(store().get('a')).toBeNull()
  },
)

it('reports a folder that cannot be written, and continues', () => {
  const one = store()
  rmSync(folder, { recursive: true })
  one.put(session('a'))
  expect(faults).toHaveLength(1)
  expect(one.get('a')?.id).toBe('a')
})
