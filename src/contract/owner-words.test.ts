import { expect, test } from 'vitest'
import { briefOwnerWords, networkWords, ownerWords } from './owner-words.ts'

const owner = (detail: string | null) => ({ name: 'Claude Code', detail })

test.each([
  ['~/shop, terminal 3, since 14:02', 'Claude Code in ~/shop, terminal 3, since 14:02'],
  ['/srv/shop', 'Claude Code in /srv/shop'],
  ['C:\\w\\shop, since 14:02', 'Claude Code in C:\\w\\shop, since 14:02'],
  ['tmux pane 3, since 14:02', 'Claude Code, tmux pane 3, since 14:02'],
  ['since 14:02', 'Claude Code, since 14:02'],
  ['', 'Claude Code'],
  [null, 'Claude Code'],
])('%j is said as %s', (detail, words) => {
  expect(ownerWords(owner(detail))).toBe(words)
})

test.each([
  ['~/shop, terminal 3, since 14:02', 'Claude Code in ~/shop, terminal 3'],
  ['~/shop, since 21 Nov 14:02', 'Claude Code in ~/shop'],
  ['since 14:02', 'Claude Code'],
  ['~/since 14, since 14:02', 'Claude Code in ~/since 14'],
  [null, 'Claude Code'],
])('in short %j is %s', (detail, words) => {
  expect(briefOwnerWords(owner(detail))).toBe(words)
})

test.each([
  ['stdio', undefined, null],
  [null, undefined, null],
  ['streamable-http', undefined, 'http'],
  ['sse', [], 'http (sse), no client connected'],
  ['streamable-http', ['Codex CLI', 'Claude Code'], 'http, 2 clients: Codex CLI, Claude Code'],
  ['streamable-http', ['Codex CLI'], 'http, 1 client: Codex CLI'],
  ['streamable-http', ['Codex CLI', 'Goose', 'Codex CLI'], 'http, 3 clients: Codex CLI (2), Goose'],
])('names the clients of %s with %j: %s', (transport, names, words) => {
  const clients = names?.map((name, at) => ({ pid: at + 1, name }))
  expect(networkWords({ transport, clients })).toBe(words)
})
