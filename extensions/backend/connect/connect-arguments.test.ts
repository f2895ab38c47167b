// The words after `connect`.
import { expect, it } from 'vitest'
import { NO_FLAGS } from '../hub/protocol.ts'
import { parseConnectArguments } from './connect-arguments.ts'

const SERENA = ['serena', 'start-mcp-server', '--project', '.'] as const

it.each([
  [['--', ...SERENA], NO_FLAGS],
  [[...SERENA], NO_FLAGS],
  [['--private', '--', ...SERENA], { ...NO_FLAGS, isPrivate: true }],
  [['--private', ...SERENA], { ...NO_FLAGS, isPrivate: true }],
  [['--private=no', ...SERENA, '--private', 'yes'], { ...NO_FLAGS, isPrivate: true }],
  [['--share-as', 'review', '--', ...SERENA], { ...NO_FLAGS, shareAs: 'review' }],
  [
    [...SERENA, '--share-as=größe.1', '--idle-shutdown-minutes', '0.5'],
    { ...NO_FLAGS, shareAs: 'größe.1', idleShutdownMinutes: 0.5 },
  ],
  [
    ['--web-dashboard-global', '--web-dashboard-global-port=4711', ...SERENA],
    { ...NO_FLAGS, isGlobal: true, globalPort: 4711 },
  ],
])('%j', (words, flags) => {
  expect(parseConnectArguments(words)).toEqual({ flags, command: SERENA })
})

it.each([
  [[], 'connect requires a command: connect [flags] serena start-mcp-server'],
  [['--privat', ...SERENA], 'Unknown flag "--privat" of connect'],
  [['--private=maybe', ...SERENA], '--private must be true or false, not "maybe"'],
  [['--share-as=', ...SERENA], '--share-as must be a name'],
  [['--share-as=a b', ...SERENA], 'not "a b"'],
  [[...SERENA, '--share-as'], '--share-as must be a name'],
])('refuses %j', (words, message) => {
  expect(() => parseConnectArguments(words)).toThrow(message)
})
