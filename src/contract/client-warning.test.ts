// What the end of an instance means for its client, as plan and dialog say it.
import { expect, test } from 'vitest'
import { clientWarning } from './owner-words.ts'

const owner = { pid: 4711, name: 'Claude Code', detail: '~/shop, terminal 3, since 14:02' }
const live = { owner: null, colour: 'green', state: 'live' } as const

test('names a running client, since when it runs, and what it loses', () => {
  const sentence =
    "Its client (Claude Code in ~/shop, terminal 3, since 14:02, process 4711) is running; ending it ends Serena's tools in that session."
  expect(clientWarning({ ...live, owner })).toBe(sentence)
  expect(clientWarning({ ...live, owner, state: 'hung', colour: 'red' })).toBe(sentence)
})

test('over HTTP names those that are connected, not who started it', () => {
  const codex = { name: 'Codex CLI', pid: 12 }
  expect(clientWarning({ ...live, owner, clients: [codex] })).toBe(
    "Its client (Codex CLI, process 12) is connected; ending it ends Serena's tools in that session.",
  )
  expect(clientWarning({ ...live, owner, clients: [codex, { name: 'Claude Code' }] })).toBe(
    "Its clients (Codex CLI, process 12; Claude Code) are connected; ending it ends Serena's tools in their sessions.",
  )
  expect(clientWarning({ ...live, owner, clients: [] })).toBe(null)
})

test('says nothing without a running client', () => {
  expect(clientWarning(live)).toBe(null)
  expect(clientWarning({ owner, colour: 'red', state: 'orphaned' })).toBe(null)
})
