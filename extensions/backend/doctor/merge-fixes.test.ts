// Fixes that were made for the same file each on its own.
import { expect, test } from 'vitest'
import type { ConfigChange } from '../clients/configs/config-change.ts'
import { mergeFixes } from './merge-fixes.ts'

const ARGS = ['--from', 'git+https://x', 'serena', 'start', '--open', 'true']
const set = (path: (string | number)[], value: unknown): ConfigChange => ({ kind: 'set', path, value })
const remove = (...path: (string | number)[]): ConfigChange => ({ kind: 'remove', path })
const merge = (...fixes: ConfigChange[][]) =>
  mergeFixes(fixes, (path) => (path.at(-1) === 'args' ? ARGS : undefined))

test('changes of different values are all kept, equal ones once', () => {
  const [a, b] = [set(['s', 'command'], 'x'), set(['s', 'enabled'], true)]
  expect(merge([a], [b, a])).toEqual({ changes: [a, b], isTaken: [true, true] })
})

test('two new versions of one list are merged by their words', () => {
  const pinned = set(['s', 'args'], ['--from', 'serena-agent==2.1.0', ...ARGS.slice(2)])
  const quiet = set(['s', 'args'], [...ARGS.slice(0, 5), 'false', '--project-from-cwd'])
  const { changes, isTaken } = merge([pinned], [quiet])
  expect(isTaken).toEqual([true, true])
  expect(changes.at(-1)).toEqual(
    set(
      ['s', 'args'],
      ['--from', 'serena-agent==2.1.0', 'serena', 'start', '--open', 'false', '--project-from-cwd'],
    ),
  )
})

test('two words for one place contradict each other: the second fix waits', () => {
  const one = set(['s', 'args'], [...ARGS.slice(0, 5), 'false'])
  const other = set(['s', 'args'], [...ARGS.slice(0, 5), 'no'])
  expect(merge([one], [other])).toEqual({ changes: [one], isTaken: [true, false] })
})

test('nothing is left to do in an entry that is removed', () => {
  const gone = remove('mcpServers', 'serena')
  expect(merge([gone], [set(['mcpServers', 'serena', 'args'], [])], [gone]).changes).toEqual([gone])
})

test('a removal of what another fix has changed comes after it', () => {
  const change = set(['s', 'command'], 'x')
  expect(merge([change], [remove('s')]).changes).toEqual([change, remove('s')])
})

test('elements behind a removed one move', () => {
  expect(
    merge([remove('l', 1)], [set(['l', 3, 'x'], 1)], [set(['l', 0], 2)], [remove('l', 1)]).changes,
  ).toEqual([remove('l', 1), set(['l', 2, 'x'], 1), set(['l', 0], 2)])
})

test('values inside of a replaced one contradict it', () => {
  expect(merge([set(['s'], {})], [set(['s', 'a'], 1)]).isTaken).toEqual([true, false])
  expect(merge([set(['s', 'a'], 1)], [set(['s'], {})]).isTaken).toEqual([true, false])
})
