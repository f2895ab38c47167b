// What the end of an instance means for its client, as plan and dialog say it.
import { expect, test } from 'vitest'
import { clientWarning } from './owner-words.ts'

const owner = { pid: 4711, name: 'Claude Code', detail: '~/shop, terminal 3, since 14:02' }
const live = { owner: null, colour: 'green', state: 'live' } as const

test('names a running client, since when it runs, and what it loses', () => {
  const sentence =
    "Its client (Claude Code in ~/shop, terminal 3, since 14:02, process 4711) is running; ending the instance removes Serena's tools from that session."
  expect(clientWarning({ ...live, owner })).toBe(sentence)
  expect(clientWarning({ ...live, owner, state: 'hung', colour: 'red' })).toBe(sentence)
  expect(clientWarning({ ...live, owner, clients: [owner] })).toBe(sentence)
})

test('over HTTP names those that are connected, not who started it', () => {
  const codex = { name: 'Codex CLI', pid: 12 }
  expect(clientWarning({ ...live, owner, clients: [codex] })).toBe(
    "Its client (Codex CLI, process 12) is connected; ending the instance removes Serena's tools from that session.",
  )
  expect(clientWarning({ ...live, owner, clients: [codex, { name: 'Claude Code' }] })).toBe(
    "Its clients (Codex CLI, process 12; Claude Code) are connected; ending the instance removes Serena's tools from their sessions.",
  )
  expect(clientWarning({ ...live, owner, clients: [] })).toBe(null)
})

test('through the hub says how many use it, and that they get another one', () => {
  const hub = { pid: 900, name: 'Serena Deck hub', detail: null }
  const clients = [{ name: 'Claude Code', pid: 5 }, { name: 'Cursor' }, { name: 'Cursor' }]
  const warn = (count: number) =>
    clientWarning({ ...live, owner: hub, hubSerena: 's1', clients: clients.slice(0, count) })
  expect(warn(3)).toBe('3 clients use it; their next call starts a new one.')
  expect(warn(1)).toBe('1 client uses it; its next call starts a new one.')
  expect(warn(0)).toBe(null)
})

test('says nothing without a running client', () => {
  expect(clientWarning(live)).toBe(null)
  expect(clientWarning({ owner, colour: 'red', state: 'orphaned' })).toBe(null)
})
