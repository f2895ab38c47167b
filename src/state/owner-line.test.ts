import { expect, test } from 'vitest'
import { ownerLine, usersLine } from './owner-line.ts'

test.each([
  ['/home/ana/shop', '~/shop, terminal 3, since 14:02', 'claude, terminal 3, since 14:02'],
  ['/home/ana/shop', '/home/ana/shop', 'claude'],
  ['/home/ana/shop', '~/shop-2, since 14:02', 'claude in ~/shop-2, since 14:02'],
  // A worktree: the project name does not identify the folder.
  ['/home/ana/fix-7', '~/fix-7, since 14:02', 'claude in ~/fix-7, since 14:02'],
  [null, '~/shop', 'claude in ~/shop'],
])('next to a project shop in %s, an owner in %s is written %s', (path, detail, words) => {
  const project = { name: 'shop', path }
  expect(ownerLine({ owner: { pid: 10, name: 'claude', detail }, project })).toBe(words)
})

test('escapes hidden characters', () => {
  expect(ownerLine({ owner: { pid: 2, name: 'x\u200By', detail: '/home/ana/\u2066z' } })).toBe(
    'x\\u{200B}y in ~/\\u{2066}z',
  )
})

test('lists HTTP clients before the process that started the instance', () => {
  const clients = [
    { pid: 5, name: 'Codex CLI' },
    { pid: 6, name: 'Claude Code' },
  ]
  const owner = { pid: 4, name: 'bash', detail: 'terminal 3' }
  const http = { transport: 'streamable-http', clients }
  expect(usersLine({ ...http, owner: null })).toBe('http, 2 clients: Codex CLI, Claude Code')
  expect(usersLine({ ...http, owner })).toBe(
    'http, 2 clients: Codex CLI, Claude Code · started by bash, terminal 3',
  )
  expect(usersLine({ transport: 'stdio', owner })).toBe('bash, terminal 3')
  expect(usersLine({ transport: 'stdio', owner: null })).toBeNull()
})
