import { describe, expect, test } from 'vitest'
import { changedWords, newWords, type SetupWords } from './setup-words.ts'

const words: SetupWords = {
  mode: 'shared',
  product: ['/opt/node', '/opt/serena-deck/dist/backend/cli.js'],
  context: 'codex',
  project: ['--project-from-cwd'],
}
const CONNECT = [...words.product, 'connect', '--']
const WRAP = [...words.product, 'wrap', '--']
const SERENA = ['serena', 'start-mcp-server']
const QUIET = ['--open-web-dashboard', 'False']
const ALL = ['--context', 'codex', '--project-from-cwd', ...QUIET]

test('a new entry is shared, supervised, or Serena alone', () => {
  const serena = ['/bin/serena', 'start-mcp-server', ...ALL]
  expect(newWords('/bin/serena', words)).toEqual([...CONNECT, ...serena])
  expect(newWords('/bin/serena', { ...words, mode: 'supervised' })).toEqual([...WRAP, ...serena])
  expect(newWords('/bin/serena', { ...words, mode: 'as-is' })).toEqual(serena)
})

describe('an entry that exists', () => {
  test.each<[string, string[], string[]]>([
    ['gets what it lacks', [...SERENA], [...SERENA, ...ALL]],
    [
      'keeps its context and project',
      [...SERENA, '--project', '/w', '--context=ide'],
      [...SERENA, '--project', '/w', '--context=ide', ...QUIET],
    ],
    [
      'gets a context that exists',
      [...SERENA, '--context', 'ide-assistant', '--project-from-cwd'],
      [...SERENA, '--context', 'codex', '--project-from-cwd', ...QUIET],
    ],
    [
      'opens nothing',
      [...SERENA, '--open-web-dashboard', 'true', ...ALL.slice(0, 3)],
      [...SERENA, ...QUIET, ...ALL.slice(0, 3)],
    ],
    [
      'keeps its launcher',
      ['uvx', '--from', 'serena-agent==2.1.0', ...SERENA, ...ALL],
      ['uvx', '--from', 'serena-agent==2.1.0', ...SERENA, ...ALL],
    ],
    [
      'is not changed inside a script',
      ['sh', '-c', 'serena start-mcp-server'],
      ['sh', '-c', 'serena start-mcp-server'],
    ],
  ])('%s', (_, before, after) => {
    expect(changedWords(before, words)).toEqual([...CONNECT, ...after])
  })

  test('keeps its command when it is left as it is', () => {
    expect(changedWords(SERENA, { ...words, mode: 'as-is' })).toEqual(SERENA)
  })

  test('moves between the hub and wrap with the flags that both know', () => {
    const old = ['node', '/old/serena-deck/cli.js']
    const wrapped = [...old, 'wrap', '--web-dashboard-global', '--', ...SERENA, ...ALL]
    const shared = [...words.product, 'connect', '--web-dashboard-global', '--', ...SERENA, ...ALL]
    expect(changedWords(wrapped, words)).toEqual(shared)
    const connected = [
      ...old,
      'connect',
      '--share-as',
      'x',
      '--web-dashboard-global',
      '--private',
      '--',
      ...SERENA,
      ...ALL,
    ]
    expect(changedWords(connected, { ...words, mode: 'supervised' })).toEqual([
      ...words.product,
      'wrap',
      '--web-dashboard-global',
      '--',
      ...SERENA,
      ...ALL,
    ])
  })

  test('does not change twice', () => {
    const once = changedWords(SERENA, words)
    expect(changedWords(once, words)).toEqual(once)
  })
})
